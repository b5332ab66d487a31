import { EXIT_UNSUPPORTED, fail } from '../../host/failure.ts';
import { corrupt } from '../input.ts';
import { putOut } from '../output.ts';
import { updateCheck } from './check.ts';
import { beginX86, undoX86 } from './x86.ts';

/**
 * The filters that a block's content has gone through before LZMA2, of which there are three at most. Each is undone in a buffer
 * of its own, since matches reach back to the content as LZMA2 has it.
 */
const DELTA: u64 = 3;
const X86: u64 = 4;

/** A filter: its kind, its distance (delta) or its state (x86), how many bytes its buffer holds, and the buffer. */
const KIND: usize = 0;
const HELD: usize = 4;
const DISTANCE: usize = 8;
const PLACE: usize = 12;
const STATE: usize = 16;
const BUFFER: usize = 512;
const CAPACITY: usize = 1 << 16;
const FILTER: usize = BUFFER + CAPACITY;
const LIMIT: i32 = 3;
const filters = memory.data(LIMIT * FILTER, 16);
let count: i32 = 0;

export function beginFilters(): void {
  count = 0;
}

/** Adds what the header names next: what was done to the content first is to be undone last. */
export function addFilter(id: u64, properties: usize, length: usize): void {
  if (id != DELTA && id != X86)
    fail(EXIT_UNSUPPORTED, 'the xz data has a filter that is not supported:', 0, 0, <i32>id);
  if (count == LIMIT) corrupt();
  memory.copy(filters + FILTER, filters, count * FILTER);
  count++;
  memory.fill(filters, 0, BUFFER);
  store<u32>(filters, <u32>id, KIND);
  if (id == DELTA) {
    if (length != 1) corrupt();
    store<u32>(filters, load<u8>(properties) + 1, DISTANCE);
    return;
  }
  if (length != 0 && length != 4) corrupt();
  beginX86(filters + STATE, length == 0 ? 0 : load<u32>(properties));
}

/** Undoes the filters from that one on, and hands on what comes out. */
export function filterFrom(index: i32, bytes: usize, length: usize): void {
  if (index == count) {
    updateCheck(bytes, length);
    putOut(bytes, length);
    return;
  }
  const filter = filters + index * FILTER;
  const buffer = filter + BUFFER;
  while (length > 0) {
    const held = <usize>load<u32>(filter, HELD);
    const piece = min(length, CAPACITY - held);
    memory.copy(buffer + held, bytes, piece);
    const done = undo(filter, buffer, held + piece);
    filterFrom(index + 1, buffer, done);
    memory.copy(buffer, buffer + done, held + piece - done);
    store<u32>(filter, <u32>(held + piece - done), HELD);
    bytes += piece;
    length -= piece;
  }
}

/** The block has ended: what a filter still held to see what follows stays as it is. */
export function endFilters(): void {
  for (let index = 0; index < count; index++) {
    const filter = filters + index * FILTER;
    filterFrom(index + 1, filter + BUFFER, load<u32>(filter, HELD));
  }
}

/** Answers how many bytes are done. */
function undo(filter: usize, bytes: usize, length: usize): usize {
  if (load<u32>(filter, KIND) == <u32>X86) return undoX86(filter + STATE, bytes, length);
  const distance = load<u32>(filter, DISTANCE);
  let place = load<u32>(filter, PLACE);
  for (let i: usize = 0; i < length; i++) {
    const before = filter + STATE + place;
    const byte = load<u8>(bytes + i) + load<u8>(before);
    store<u8>(bytes + i, byte);
    store<u8>(before, byte);
    if (++place == distance) place = 0;
  }
  store<u32>(filter, place, PLACE);
  return length;
}
