import { writeContent } from '../output/content.ts';
import { EXIT_CORRUPT, EXIT_LIMIT, fail } from '../host/failure.ts';
import { allocate, release } from '../host/memory.ts';

/**
 * A sparse file: a list of offsets and lengths tells where the bytes that the archive has belong in the file, which has zeros
 * elsewhere. The list comes in four forms, all read into this one.
 */
const NUMBER_LIMIT: u32 = 1 << 24;
const NOT_SPARSE: u64 = u64.MAX_VALUE;
/** A line feed, as if it were a digit. */
const NEWLINE: u32 = 0x0a - 0x30;
const ZEROS: usize = 32768;
const zeros = memory.data(32768);

let numbers: usize = 0;
let capacity: u32 = 0;
let count: u32 = 0;
/** The number that is written next from. */
let next: u32 = 0;
let fileSize: u64 = NOT_SPARSE;
let position: u64 = 0;
let number: u64 = 0;
let digits: i32 = 0;
let expected: i64 = 0;

export function forgetSparse(): void {
  fileSize = NOT_SPARSE;
  count = next = 0;
  position = 0;
}

export function isSparse(): bool {
  return fileSize != NOT_SPARSE;
}

export function setFileSize(size: u64): void {
  fileSize = size;
}

/** Takes the next offset or length. */
export function addNumber(number: u64): void {
  if (count == capacity) {
    if (count >= NUMBER_LIMIT) fail(EXIT_LIMIT, 'a sparse file in the archive has too many pieces');
    const grown = allocate(capacity * 16 + 1024);
    memory.copy(grown, numbers, capacity << 3);
    if (capacity > 0) release(numbers, capacity << 3);
    numbers = grown;
    capacity = capacity * 2 + 128;
  }
  store<u64>(numbers + (count++ << 3), number);
}

/** The list is to be read from the content's beginning: decimal numbers, each with a line feed, the first one how many pairs. */
export function beginMap(): void {
  digits = 0;
  number = 0;
  expected = -1;
}

/** Reads on; answers whether the list is complete, after which the rest of its block is empty. */
export function readMap(bytes: usize, length: usize): bool {
  for (let end = bytes + length; bytes < end && <i64>count != expected; bytes++) {
    const digit = <u32>load<u8>(bytes) - 0x30;
    if (digit < 10 && digits++ < 15) number = number * 10 + digit;
    else if (digit == NEWLINE && digits > 0) endNumber();
    else malformed();
  }
  return <i64>count == expected;
}

function endNumber(): void {
  if (expected < 0) expected = 2 * number;
  else addNumber(number);
  number = digits = 0;
}

/** Writes bytes of the archive where they belong. */
export function writePieces(bytes: usize, length: usize): void {
  while (length > 0) {
    const left = pieceLeft();
    const taken = <usize>min(left, <u64>length);
    writeContent(bytes, taken);
    position += taken;
    bytes += taken;
    length -= taken;
    if (taken == left) next += 2;
  }
}

/** Writes what follows the last piece. */
export function endPieces(): void {
  while (next < count) {
    if (pieceLeft() > 0) malformed();
    next += 2;
  }
  writeZeros(fileSize);
}

/** How much of the piece is to come, after the zeros before it. */
function pieceLeft(): u64 {
  if (next + 1 >= count) malformed();
  const offset = load<u64>(numbers + (next << 3));
  const length = load<u64>(numbers + (next << 3), 8);
  const end = offset + length;
  if (end < offset || end > fileSize || end < position) malformed();
  writeZeros(offset);
  return end - position;
}

function writeZeros(to: u64): void {
  while (position < to) {
    const length = min(to - position, <u64>ZEROS);
    writeContent(zeros, <usize>length);
    position += length;
  }
}

function malformed(): void {
  fail(EXIT_CORRUPT, 'a sparse file in the archive is malformed');
}
