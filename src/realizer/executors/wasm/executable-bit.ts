import { errno } from './files/errno.ts';
import type { FileNode } from './files/node.ts';
import type { HostFunctions } from './host-functions.ts';
import type { ProgramContext } from './program-context.ts';
import { placeOf } from './system/place.ts';

/** The functions of the module `cab` for the one mode bit that preview 1 does not know. */
export function executableBitFunctions(context: ProgramContext): HostFunctions {
  const { files, descriptors } = context;

  function setByDescriptor(number: number, executable: number): number {
    const descriptor = descriptors.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    if (descriptor.kind !== 'file') return errno.invalid;
    if (!descriptor.writable) return errno.notCapable;
    descriptor.node.executable = executable !== 0;
    return errno.success;
  }

  /** The file at a path, and whether the program may change it. */
  function fileAt(number: number, pointer: number, length: number): FileAt | number {
    const place = placeOf(context, number, pointer, length);
    if (typeof place === 'number') return place;
    const location = files.walk(place.base, place.path, true);
    if (typeof location === 'number') return location;
    if (location.node === undefined) return errno.noEntry;
    if (location.node.kind !== 'file') return errno.invalid;
    return { node: location.node, writable: location.parent.allows(location.name) };
  }

  return {
    file_set_executable: setByDescriptor,
    path_set_executable(number: number, pointer: number, length: number, executable: number): number {
      const file = fileAt(number, pointer, length);
      if (typeof file === 'number') return file;
      if (!file.writable) return errno.readOnly;
      file.node.executable = executable !== 0;
      return errno.success;
    },
    path_is_executable(number: number, pointer: number, length: number): number {
      const file = fileAt(number, pointer, length);
      if (typeof file === 'number') return -1;
      return file.node.executable ? 1 : 0;
    },
  };
}

interface FileAt {
  readonly node: FileNode;
  readonly writable: boolean;
}
