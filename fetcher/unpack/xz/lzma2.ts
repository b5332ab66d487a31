import { corrupt, take, takeByte } from '../input.ts';
import { ROOM_LIMIT, advanceWindow, beginWindow, flushWindow, makeRoom } from '../window.ts';
import { decodeChunk, resetState, setProperties } from './lzma.ts';

/** LZMA2: chunks of LZMA, or of bytes as they are, each of 2 MiB at most. */
const END: u32 = 0;
const PLAIN_AFTER_RESET: u32 = 1;
const PLAIN: u32 = 2;
/** What an LZMA chunk begins with, in two bits of its first byte. */
const NEW_STATE: u32 = 1;
const NEW_PROPERTIES: u32 = 2;
const NEW_DICTIONARY: u32 = 3;

let dictionarySize: usize = 0;

export function setDictionarySize(byte: u32): void {
  if (byte > 40) corrupt();
  const size: u64 = byte == 40 ? 0xffffffff : (2 | ((<u64>byte) & 1)) << ((byte >> 1) + 11);
  dictionarySize = <usize>min(size, <u64>u32.MAX_VALUE - 2 * ROOM_LIMIT);
}

export function unpackLzma2(): void {
  let needsDictionary = true;
  let needsProperties = true;
  let needsState = true;
  while (true) {
    const control = takeByte();
    if (control == END) break;
    const first: u32 = control < 0x80 ? 0 : (control >> 5) & 3;
    if (control == PLAIN_AFTER_RESET || first == NEW_DICTIONARY) {
      beginWindow(dictionarySize);
      needsDictionary = false;
      needsProperties = true;
    }
    if (needsDictionary) corrupt();
    if (control < 0x80) {
      if (control > PLAIN) corrupt();
      copyPlain();
      continue;
    }
    const sizes = take(4);
    const length = ((control & 31) << 16) + bigEndian16(sizes) + 1;
    const packedLength = bigEndian16(sizes + 2) + 1;
    if (first >= NEW_PROPERTIES) {
      setProperties(takeByte());
      needsProperties = false;
    }
    if (first >= NEW_STATE) {
      resetState();
      needsState = false;
    }
    if (needsProperties || needsState || packedLength < 5) corrupt();
    decodeChunk(take(packedLength), packedLength, length);
  }
  flushWindow();
}

function copyPlain(): void {
  const length = bigEndian16(take(2)) + 1;
  const to = makeRoom(length);
  memory.copy(to, take(length), length);
  advanceWindow(to + length);
}

function bigEndian16(bytes: usize): usize {
  return bswap<u16>(load<u16>(bytes));
}
