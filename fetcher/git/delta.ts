import { EXIT_CORRUPT, fail } from '../host/failure.ts';

/** Deltas between objects (gitformat-pack, "Deltified representation"). */
let position: usize = 0;
let end: usize = 0;

function corrupt(): void {
  fail(EXIT_CORRUPT, 'a delta in the pack is corrupt');
}

function nextDeltaByte(): u32 {
  if (position >= end) corrupt();
  return load<u8>(position++);
}

function nextSize(): u64 {
  let size: u64 = 0;
  let shift: u64 = 0;
  let byte: u32;
  do {
    byte = nextDeltaByte();
    if (shift > 56) corrupt();
    size |= (<u64>(byte & 0x7f)) << shift;
    shift += 7;
  } while (byte & 0x80);
  return size;
}

/** Begins a delta: checks the base's size and answers the result's. */
export function beginDelta(delta: usize, length: usize, baseSize: u64): u64 {
  position = delta;
  end = delta + length;
  if (nextSize() != baseSize) corrupt();
  return nextSize();
}

/** A number of which only the bytes named by the bits of `present` are there, lowest first. */
function nextParts(present: u32, count: u32): u32 {
  let number: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (present & (1 << i)) number |= nextDeltaByte() << (i << 3);
  }
  return number;
}

/** Makes the result from the base, from where `beginDelta` came to. */
export function applyDelta(base: usize, baseSize: u32, result: usize, resultSize: u32): void {
  let to = result;
  let left = resultSize;
  while (position < end) {
    const instruction = nextDeltaByte();
    let from: usize;
    let length: u32;
    if (instruction & 0x80) {
      const offset = nextParts(instruction, 4);
      length = nextParts(instruction >> 4, 3);
      if (length == 0) length = 0x10000;
      if (offset > baseSize || length > baseSize - offset) corrupt();
      from = base + offset;
    } else {
      length = instruction;
      if (length == 0 || length > <u32>(end - position)) corrupt();
      from = position;
      position += length;
    }
    if (length > left) corrupt();
    memory.copy(to, from, length);
    to += length;
    left -= length;
  }
  if (left != 0) corrupt();
}
