import { corrupt } from '../input.ts';
import { headerNumber } from './header.ts';

/**
 * The blocks of a stream as they were, to be compared with what its index says of them. There may be any number of them, so all
 * that is kept is a hash over their lengths.
 */
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;
let count: u64 = 0;
let mixed: u64 = 0;

export function beginBlocks(): void {
  count = mixed = 0;
}

export function addBlock(length: u64, contentLength: u64): void {
  count++;
  mixed = mix(mix(mixed, length), contentLength);
}

function mix(before: u64, value: u64): u64 {
  return rotl<u64>((before ^ value) * MULTIPLIER, 29);
}

/** Reads the index's records, of which there must be one for each block. */
export function verifyRecords(): void {
  if (headerNumber() != count) corrupt();
  let read: u64 = 0;
  for (; count > 0; count--) {
    read = mix(read, headerNumber());
    read = mix(read, headerNumber());
  }
  if (read != mixed) corrupt();
}
