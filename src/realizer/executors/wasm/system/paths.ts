import { type Errno, errno } from '../files/errno.ts';
import type { DirectoryNode } from '../files/node.ts';
import { programLimits } from '../limits.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';
import type { Descriptor } from './descriptors.ts';
import { type Place, placeOf } from './place.ts';
import { descriptorFlags, lookupFlags, openFlags, rights, writeFileStatus } from './records.ts';

/** Everything that is said about paths: `path_*`. */
export function pathFunctions(context: ProgramContext): HostFunctions {
  const { files, descriptors } = context;

  const place = (number: number, pointer: number, length: number): Place | Errno =>
    placeOf(context, number, pointer, length);

  function open(
    number: number,
    lookup: number,
    pointer: number,
    length: number,
    flags: number,
    wanted: bigint,
    _inheriting: bigint,
    opened: number,
    answer: number,
  ): number {
    const where = place(number, pointer, length);
    if (typeof where === 'number') return where;
    const write = (wanted & rights.write) !== 0n;
    const node = files.open(where.base, where.path, {
      create: (flags & openFlags.create) !== 0,
      exclusive: (flags & openFlags.exclusive) !== 0,
      truncate: (flags & openFlags.truncate) !== 0,
      directory: (flags & openFlags.directory) !== 0,
      write,
      followLast: (lookup & lookupFlags.followSymlinks) !== 0,
    });
    if (typeof node === 'number') return node;
    const added = descriptors.add(descriptorOf(node, (wanted & rights.read) !== 0n, write, opened));
    if (added === undefined) return errno.tooManyDescriptors;
    context.memory().setUint32(answer, added);
    return errno.success;
  }

  function descriptorOf(
    node: Exclude<ReturnType<typeof files.open>, number>,
    readable: boolean,
    writable: boolean,
    flags: number,
  ): Descriptor {
    if (node.kind === 'directory') return { kind: 'directory', node };
    if (node.kind === 'claims') return { kind: 'claims', node, sink: context.claims };
    return { kind: 'file', node, readable, writable, flags: flags & descriptorFlags.all, position: 0 };
  }

  function atPath(operation: (base: DirectoryNode, path: string) => number) {
    return (number: number, pointer: number, length: number): number => {
      const where = place(number, pointer, length);
      return typeof where === 'number' ? where : operation(where.base, where.path);
    };
  }

  function status(number: number, lookup: number, pointer: number, length: number, answer: number): number {
    const where = place(number, pointer, length);
    if (typeof where === 'number') return where;
    const node = files.find(where.base, where.path, (lookup & lookupFlags.followSymlinks) !== 0);
    if (typeof node === 'number') return node;
    writeFileStatus(context.memory(), answer, node, files.times(node));
    return errno.success;
  }

  function link(
    fromNumber: number,
    lookup: number,
    fromPointer: number,
    fromLength: number,
    toNumber: number,
    toPointer: number,
    toLength: number,
  ): number {
    const from = place(fromNumber, fromPointer, fromLength);
    if (typeof from === 'number') return from;
    const to = place(toNumber, toPointer, toLength);
    if (typeof to === 'number') return to;
    const followLast = (lookup & lookupFlags.followSymlinks) !== 0;
    return files.link({ ...from, followLast }, to.base, to.path);
  }

  function rename(
    fromNumber: number,
    fromPointer: number,
    fromLength: number,
    toNumber: number,
    toPointer: number,
    toLength: number,
  ): number {
    const from = place(fromNumber, fromPointer, fromLength);
    if (typeof from === 'number') return from;
    const to = place(toNumber, toPointer, toLength);
    return typeof to === 'number' ? to : files.rename(from.base, from.path, to.base, to.path);
  }

  function symlink(
    targetPointer: number,
    targetLength: number,
    number: number,
    pointer: number,
    length: number,
  ): number {
    if (targetLength >>> 0 > programLimits.path) return errno.nameTooLong;
    const target = context.memory().text(targetPointer, targetLength);
    if (target === undefined) return errno.illegalSequence;
    const where = place(number, pointer, length);
    return typeof where === 'number' ? where : files.symlink(target, where.base, where.path);
  }

  function readLink(
    number: number,
    pointer: number,
    length: number,
    buffer: number,
    bufferLength: number,
    answer: number,
  ): number {
    const where = place(number, pointer, length);
    if (typeof where === 'number') return where;
    const node = files.find(where.base, where.path, false);
    if (typeof node === 'number') return node;
    if (node.kind !== 'symlink') return errno.invalid;
    const target = Buffer.from(node.target).subarray(0, bufferLength >>> 0);
    context.memory().bytes(buffer, target.length).set(target);
    context.memory().setUint32(answer, target.length);
    return errno.success;
  }

  return {
    path_open: open,
    path_create_directory: atPath((base, path) => files.createDirectory(base, path)),
    path_remove_directory: atPath((base, path) => files.removeDirectory(base, path)),
    path_unlink_file: atPath((base, path) => files.unlink(base, path)),
    path_filestat_get: status,
    path_link: link,
    path_rename: rename,
    path_symlink: symlink,
    path_readlink: readLink,
  };
}
