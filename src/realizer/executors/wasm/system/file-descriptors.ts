import { type Errno, errno } from '../files/errno.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';
import type { OpenFile } from './descriptors.ts';
import { buffersOf, descriptorFlags } from './records.ts';

/** The number of the last of the six kinds of advice. */
const largestAdvice = 5;

const whence = { set: 0, current: 1, end: 2 } as const;

/** The largest offset that this host counts with: beyond it numbers are no longer exact. */
const largestOffset = BigInt(Number.MAX_SAFE_INTEGER);

/** Reading, writing and seeking: `fd_read`, `fd_write`, `fd_pread`, `fd_pwrite`, `fd_seek`, `fd_tell` and their like. */
export function fileDescriptorFunctions(context: ProgramContext): HostFunctions {
  const { descriptors } = context;

  function openFile(number: number): OpenFile | Errno {
    const descriptor = descriptors.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    if (descriptor.kind === 'file') return descriptor;
    return descriptor.kind === 'directory' ? errno.isDirectory : errno.notSeekable;
  }

  function readable(number: number): OpenFile | Errno {
    const file = openFile(number);
    return typeof file === 'number' || file.readable ? file : errno.notCapable;
  }

  function writable(number: number): OpenFile | Errno {
    const file = openFile(number);
    return typeof file === 'number' || file.writable ? file : errno.notCapable;
  }

  function read(number: number, buffers: number, count: number, answer: number): number {
    const memory = context.memory();
    const kind = descriptors.get(number)?.kind;
    if (kind === 'empty') {
      memory.setUint32(answer, 0);
      return errno.success;
    }
    if (kind === 'log' || kind === 'output' || kind === 'claims') return errno.notCapable;
    const file = readable(number);
    if (typeof file === 'number') return file;
    const targets = buffersOf(memory, buffers, count);
    if (targets === undefined) return errno.invalid;
    const length = readInto(file, targets, file.position);
    file.position += length;
    memory.setUint32(answer, length);
    return errno.success;
  }

  function write(number: number, buffers: number, count: number, answer: number): number {
    const memory = context.memory();
    const descriptor = descriptors.get(number);
    const pieces = buffersOf(memory, buffers, count);
    if (pieces === undefined) return errno.invalid;
    if (descriptor?.kind === 'log' || descriptor?.kind === 'claims') {
      for (const piece of pieces) descriptor.sink.write(piece);
      memory.setUint32(
        answer,
        pieces.reduce((sum, piece) => sum + piece.length, 0),
      );
      return errno.success;
    }
    const file = writable(number);
    if (typeof file === 'number') return file === errno.notSeekable ? errno.notCapable : file;
    if ((file.flags & descriptorFlags.append) !== 0) file.position = file.node.content.size;
    const length = writeFrom(file, pieces, file.position);
    if (length < 0) return -length;
    file.position += length;
    memory.setUint32(answer, length);
    return errno.success;
  }

  function positionedRead(
    number: number,
    buffers: number,
    count: number,
    offset: bigint,
    answer: number,
  ): number {
    const file = readable(number);
    if (typeof file === 'number') return file;
    if (offset < 0n || offset > largestOffset) return errno.invalid;
    const memory = context.memory();
    const targets = buffersOf(memory, buffers, count);
    if (targets === undefined) return errno.invalid;
    memory.setUint32(answer, readInto(file, targets, Number(offset)));
    return errno.success;
  }

  function positionedWrite(
    number: number,
    buffers: number,
    count: number,
    offset: bigint,
    answer: number,
  ): number {
    const file = writable(number);
    if (typeof file === 'number') return file;
    if (offset < 0n) return errno.invalid;
    if (offset > largestOffset) return errno.fileTooBig;
    const memory = context.memory();
    const pieces = buffersOf(memory, buffers, count);
    if (pieces === undefined) return errno.invalid;
    const length = writeFrom(file, pieces, Number(offset));
    if (length < 0) return -length;
    memory.setUint32(answer, length);
    return errno.success;
  }

  function seek(number: number, offset: bigint, from: number, answer: number): number {
    const file = openFile(number);
    if (typeof file === 'number') return file;
    const base = seekBase(file, from);
    if (base === undefined) return errno.invalid;
    const position = BigInt(base) + offset;
    if (position < 0n || position > largestOffset) return errno.invalid;
    file.position = Number(position);
    context.memory().setUint64(answer, position);
    return errno.success;
  }

  function tell(number: number, answer: number): number {
    const file = openFile(number);
    if (typeof file === 'number') return file;
    context.memory().setUint64(answer, BigInt(file.position));
    return errno.success;
  }

  function setSize(number: number, size: bigint): number {
    const file = writable(number);
    if (typeof file === 'number') return file;
    if (size < 0n) return errno.invalid;
    if (size > largestOffset) return errno.fileTooBig;
    return file.node.content.resize(Number(size));
  }

  function allocate(number: number, offset: bigint, length: bigint): number {
    const file = writable(number);
    if (typeof file === 'number') return file;
    if (offset < 0n || length <= 0n) return errno.invalid;
    if (offset + length > largestOffset) return errno.fileTooBig;
    const size = Math.max(file.node.content.size, Number(offset + length));
    return file.node.content.resize(size);
  }

  function advise(number: number, offset: bigint, length: bigint, advice: number): number {
    if (offset < 0n || length < 0n || advice < 0 || advice > largestAdvice) return errno.invalid;
    return exists(number);
  }

  const exists = (number: number): number =>
    descriptors.get(number) === undefined ? errno.badDescriptor : errno.success;

  return {
    fd_read: read,
    fd_write: write,
    fd_pread: positionedRead,
    fd_pwrite: positionedWrite,
    fd_seek: seek,
    fd_tell: tell,
    fd_filestat_set_size: setSize,
    fd_allocate: allocate,
    fd_close: (number: number) => descriptors.close(number),
    fd_renumber: (from: number, to: number) => descriptors.renumber(from, to),
    // Nothing is lost by a crash that a build would not do again: there is nothing to wait for.
    fd_sync: exists,
    fd_datasync: exists,
    fd_advise: advise,
  };
}

function seekBase(file: OpenFile, from: number): number | undefined {
  if (from === whence.set) return 0;
  if (from === whence.current) return file.position;
  return from === whence.end ? file.node.content.size : undefined;
}

function readInto(file: OpenFile, buffers: readonly Uint8Array[], offset: number): number {
  let total = 0;
  for (const buffer of buffers) {
    const length = file.node.content.read(buffer, offset + total);
    total += length;
    if (length < buffer.length) break;
  }
  return total;
}

/** How many bytes were written, or a negative error number if none was. */
function writeFrom(file: OpenFile, buffers: readonly Uint8Array[], offset: number): number {
  let total = 0;
  for (const buffer of buffers) {
    if (buffer.length === 0) continue;
    const fault = file.node.content.write(buffer, offset + total);
    if (fault !== errno.success) return total > 0 ? total : -fault;
    total += buffer.length;
  }
  return total;
}
