import { type Errno, errno } from '../files/errno.ts';
import type { Node } from '../files/node.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';
import { placeOf } from './place.ts';
import { lookupFlags } from './records.ts';

const flag = { accessed: 1, accessedNow: 2, modified: 4, modifiedNow: 8 } as const;
const allFlags = 15;

/** `fd_filestat_set_times` and `path_filestat_set_times`. No output has times: those that are set are for the program alone. */
export function fileTimeFunctions(context: ProgramContext): HostFunctions {
  const { files, descriptors } = context;

  function set(node: Node | undefined, accessed: bigint, modified: bigint, flags: number): Errno {
    if ((flags & ~allFlags) !== 0 || isBoth(flags, flag.accessed) || isBoth(flags, flag.modified))
      return errno.invalid;
    if (node === undefined) return errno.success;
    const now = context.clock(0) ?? 0n;
    const before = files.times(node);
    files.setTimes(node, {
      accessed: chosen(flags, flag.accessed, before.accessed, accessed, now),
      modified: chosen(flags, flag.modified, before.modified, modified, now),
    });
    return errno.success;
  }

  return {
    fd_filestat_set_times(number: number, accessed: bigint, modified: bigint, flags: number): number {
      const descriptor = descriptors.get(number);
      if (descriptor === undefined) return errno.badDescriptor;
      return set('node' in descriptor ? descriptor.node : undefined, accessed, modified, flags);
    },
    path_filestat_set_times(
      number: number,
      lookup: number,
      pointer: number,
      length: number,
      accessed: bigint,
      modified: bigint,
      flags: number,
    ): number {
      const where = placeOf(context, number, pointer, length);
      if (typeof where === 'number') return where;
      const found = files.walk(where.base, where.path, (lookup & lookupFlags.followSymlinks) !== 0);
      if (typeof found === 'number') return found;
      if (found.node === undefined) return errno.noEntry;
      if (!found.parent.allows(found.name)) return errno.readOnly;
      return set(found.node, accessed, modified, flags);
    },
  };
}

/** Whether a time is to be both a given one and the present one, of which the flag is the next. */
function isBoth(flags: number, given: number): boolean {
  return (flags & given) !== 0 && (flags & (given << 1)) !== 0;
}

function chosen(flags: number, given: number, before: bigint, wanted: bigint, now: bigint): bigint {
  if ((flags & (given << 1)) !== 0) return now;
  return (flags & given) !== 0 ? BigInt.asUintN(64, wanted) : before;
}
