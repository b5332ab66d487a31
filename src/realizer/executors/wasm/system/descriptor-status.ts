import { unreachable } from '../../../../foundation/index.ts';
import { errno } from '../files/errno.ts';
import { inodeOf } from '../files/node.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';
import type { Descriptor } from './descriptors.ts';
import { descriptorFlags, fileType, fileTypeOf, rights, writeFileStatus } from './records.ts';

/** What descriptors are: `fd_fdstat_*`, `fd_filestat_*`, `fd_prestat_*` and `fd_readdir`. */
export function descriptorStatusFunctions(context: ProgramContext): HostFunctions {
  const { descriptors } = context;

  function status(number: number, answer: number): number {
    const descriptor = descriptors.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    const memory = context.memory();
    const bytes = memory.bytes(answer, 24);
    bytes.fill(0);
    bytes[0] = typeOf(descriptor);
    bytes[2] = descriptor.kind === 'file' ? descriptor.flags : 0;
    memory.setUint64(answer + 8, rightsOf(descriptor));
    memory.setUint64(answer + 16, descriptor.kind === 'directory' ? rights.directory | rights.file : 0n);
    return errno.success;
  }

  function setFlags(number: number, flags: number): number {
    const descriptor = descriptors.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    if (descriptor.kind === 'file') descriptor.flags = flags & descriptorFlags.all;
    return errno.success;
  }

  function fileStatus(number: number, answer: number): number {
    const descriptor = descriptors.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    const node = 'node' in descriptor ? descriptor.node : undefined;
    writeFileStatus(context.memory(), answer, node, node && context.files.times(node));
    return errno.success;
  }

  function preopenedName(number: number): Buffer | undefined {
    const descriptor = descriptors.get(number);
    if (descriptor?.kind !== 'directory' || descriptor.preopenedAs === undefined) return undefined;
    return Buffer.from(descriptor.preopenedAs);
  }

  function preopened(number: number, answer: number): number {
    const name = preopenedName(number);
    if (name === undefined) return errno.badDescriptor;
    context.memory().setUint32(answer, 0);
    context.memory().setUint32(answer + 4, name.length);
    return errno.success;
  }

  function preopenedAs(number: number, pointer: number, length: number): number {
    const name = preopenedName(number);
    if (name === undefined) return errno.badDescriptor;
    if (length >>> 0 < name.length) return errno.nameTooLong;
    context.memory().bytes(pointer, name.length).set(name);
    return errno.success;
  }

  function readDirectory(
    number: number,
    pointer: number,
    length: number,
    cookie: bigint,
    answer: number,
  ): number {
    const directory = descriptors.directory(number);
    if (typeof directory === 'number') return directory;
    if (cookie === 0n || directory.listing === undefined) {
      const { node } = directory;
      const own = [['.', node] as const, ['..', node.parent ?? node] as const];
      directory.listing = [...own, ...node.sortedEntries()];
    }
    const target = context.memory().bytes(pointer, length);
    let filled = 0;
    for (let index = Number(cookie); index < directory.listing.length && filled < target.length; index++) {
      const [name, node] = directory.listing[index] as (typeof directory.listing)[number];
      const record = directoryEntry(BigInt(index + 1), inodeOf(node), fileTypeOf(node), Buffer.from(name));
      const piece = record.subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
    }
    context.memory().setUint32(answer, filled);
    return errno.success;
  }

  /** Rights cannot be given up: a program has all of what it sees. */
  const keepRights = (number: number): number =>
    descriptors.get(number) === undefined ? errno.badDescriptor : errno.notSupported;

  return {
    fd_fdstat_get: status,
    fd_fdstat_set_flags: setFlags,
    fd_fdstat_set_rights: keepRights,
    fd_filestat_get: fileStatus,
    fd_prestat_get: preopened,
    fd_prestat_dir_name: preopenedAs,
    fd_readdir: readDirectory,
  };
}

function typeOf(descriptor: Descriptor): number {
  return 'node' in descriptor ? fileTypeOf(descriptor.node) : fileType.unknown;
}

function rightsOf(descriptor: Descriptor): bigint {
  switch (descriptor.kind) {
    case 'empty':
    case 'input':
      return rights.read;
    case 'log':
    case 'output':
    case 'claims':
      return rights.write;
    case 'directory':
      return rights.directory;
    case 'file': {
      const withheld = (descriptor.readable ? 0n : rights.read) | (descriptor.writable ? 0n : rights.write);
      return rights.file & ~withheld;
    }
    default:
      return unreachable(descriptor);
  }
}

function directoryEntry(next: bigint, inode: bigint, type: number, name: Buffer): Buffer {
  const record = Buffer.alloc(24 + name.length);
  record.writeBigUInt64LE(next, 0);
  record.writeBigUInt64LE(inode, 8);
  record.writeUInt32LE(name.length, 16);
  record[20] = type;
  record.set(name, 24);
  return record;
}
