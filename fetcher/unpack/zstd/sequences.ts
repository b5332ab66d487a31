import { corrupt } from '../input.ts';
import { copyMatch } from '../window.ts';
import { beginBits, bitsAt } from './bits.ts';
import { literalCount, literals } from './literals.ts';
import { LENGTHS, MATCHES, OFFSETS, chooseTable, stateBitsOf, tableOf } from './sequence-tables.ts';

/** The sequences of a block (RFC 8878, section 3.1.1.3.2): each copies some literals, and then a match. */

/** The last three offsets, the last one first. */
let offset1: u32 = 1;
let offset2: u32 = 4;
let offset3: u32 = 8;

export function resetOffsets(): void {
  offset1 = 1;
  offset2 = 4;
  offset3 = 8;
}

/** Carries out a section that ends at `end`: writes from `to` to no more than `limit`, and answers how far it came. */
export function runSequences(
  bytes: usize,
  end: usize,
  to: usize,
  limit: usize,
  reach: usize,
  size: usize,
): usize {
  if (bytes >= end) corrupt();
  let count = <u32>load<u8>(bytes++);
  if (count == 0) {
    if (bytes != end) corrupt();
    return copyLast(literals(), literalCount(), to, limit);
  }
  if (count == 255) {
    count = 0x7f00 + load<u16>(bytes);
    bytes += 2;
  } else if (count >= 128) {
    count = ((count - 128) << 8) + load<u8>(bytes++);
  }
  if (bytes >= end) corrupt();
  const modes = <u32>load<u8>(bytes++);
  if (modes & 3) corrupt();
  bytes = chooseTable(LENGTHS, modes >> 6, bytes, end);
  bytes = chooseTable(OFFSETS, (modes >> 4) & 3, bytes, end);
  bytes = chooseTable(MATCHES, (modes >> 2) & 3, bytes, end);
  if (bytes > end) corrupt();
  return run(bytes, end - bytes, count, to, limit, reach, size);
}

function run(
  bytes: usize,
  length: usize,
  count: u32,
  to: usize,
  limit: usize,
  reach: usize,
  size: usize,
): usize {
  const start = to;
  const lengthTable = tableOf(LENGTHS);
  const offsetTable = tableOf(OFFSETS);
  const matchTable = tableOf(MATCHES);
  let from = literals();
  const fromEnd = from + literalCount();
  let position = beginBits(bytes, length);
  let lengthState = (position -= stateBitsOf(LENGTHS)) < 0 ? 0 : stateAt(bytes, position, LENGTHS);
  let offsetState = (position -= stateBitsOf(OFFSETS)) < 0 ? 0 : stateAt(bytes, position, OFFSETS);
  let matchState = (position -= stateBitsOf(MATCHES)) < 0 ? 0 : stateAt(bytes, position, MATCHES);
  while (true) {
    const lengthEntry = load<u64>(lengthTable + (lengthState << 3));
    const offsetEntry = load<u64>(offsetTable + (offsetState << 3));
    const matchEntry = load<u64>(matchTable + (matchState << 3));
    const offsetBits = (<u32>offsetEntry) >> 24;
    position -= offsetBits;
    let offset =
      <u32>(offsetEntry >> 32) + ((<u32>bitsAt(bytes, position)) & (<u32>(((<u64>1) << offsetBits) - 1)));
    const lengthBits = (<u32>lengthEntry) >> 24;
    const matchBits = (<u32>matchEntry) >> 24;
    position -= lengthBits + matchBits;
    let bits = bitsAt(bytes, position);
    const literalLength = <u32>(lengthEntry >> 32) + ((<u32>bits) & ((1 << lengthBits) - 1));
    const matchLength = <u32>(matchEntry >> 32) + ((<u32>(bits >> lengthBits)) & ((1 << matchBits) - 1));
    if (position < 0) corrupt();
    offset = actualOffset(offset, literalLength);
    if (literalLength > fromEnd - from || literalLength + matchLength > limit - to) corrupt();
    copyLiterals(to, from, literalLength);
    from += literalLength;
    to += literalLength;
    if (offset - 1 >= min(reach + (to - start), size)) corrupt();
    copyMatch(to, offset, matchLength);
    to += matchLength;
    if (--count == 0) break;
    const lengthAdded = ((<u32>lengthEntry) >> 16) & 0xff;
    const matchAdded = ((<u32>matchEntry) >> 16) & 0xff;
    const offsetAdded = ((<u32>offsetEntry) >> 16) & 0xff;
    position -= lengthAdded + matchAdded + offsetAdded;
    bits = bitsAt(bytes, position);
    offsetState = ((<u32>offsetEntry) & 0xffff) + ((<u32>bits) & ((1 << offsetAdded) - 1));
    bits >>= offsetAdded;
    matchState = ((<u32>matchEntry) & 0xffff) + ((<u32>bits) & ((1 << matchAdded) - 1));
    bits >>= matchAdded;
    lengthState = ((<u32>lengthEntry) & 0xffff) + ((<u32>bits) & ((1 << lengthAdded) - 1));
  }
  if (position != 0) corrupt();
  return copyLast(from, <u32>(fromEnd - from), to, limit);
}

function stateAt(bytes: usize, position: i32, kind: u32): u32 {
  return (<u32>bitsAt(bytes, position)) & ((1 << stateBitsOf(kind)) - 1);
}

/** What an offset's number means: the first three are the last offsets. */
function actualOffset(number: u32, literalLength: u32): u32 {
  if (number > 3) {
    offset3 = offset2;
    offset2 = offset1;
    offset1 = number - 3;
    return offset1;
  }
  if (literalLength == 0) number++;
  if (number == 1) return offset1;
  const offset = number == 2 ? offset2 : number == 3 ? offset3 : offset1 - 1;
  if (number != 2) offset3 = offset2;
  offset2 = offset1;
  offset1 = offset;
  return offset;
}

function copyLiterals(to: usize, from: usize, length: usize): void {
  const end = to + length;
  while (to < end) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
}

function copyLast(from: usize, length: u32, to: usize, limit: usize): usize {
  if (length > limit - to) corrupt();
  memory.copy(to, from, length);
  return to + length;
}
