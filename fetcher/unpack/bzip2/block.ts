import { EXIT_UNSUPPORTED, fail } from '../../host/failure.ts';
import { reserve } from '../../host/memory.ts';
import { corrupt } from '../input.ts';
import { advanceWindow, makeRoom } from '../window.ts';
import { takeBits } from './bits.ts';
import { CODE_LIMIT, CODE_SIZE, codes, readCode } from './codes.ts';
import { continueCrc } from './crc.ts';
import { readSelectors } from './selectors.ts';
import { countOf, order, readSymbols } from './symbols.ts';

/** A block: its bytes in the order of what follows each, from which their own order is found again. */
const LARGEST: usize = 900_000;
/** One run of bytes is 4 of them and 255 more. */
const RUN_LIMIT: usize = 259;
const PIECE: usize = 1 << 16;
const ALPHABET: i32 = 256;

/** For each place the byte there in the lowest eight bits, and above them the place of the byte that follows it. */
let links: usize = 0;

/** Takes the memory for blocks, which must be before the window's. */
export function prepareBlocks(): void {
  links = reserve(LARGEST << 2);
}

/** Unpacks a block behind its mark, and answers its checksum. */
export function unpackBlock(level: u32): u32 {
  const checksum = takeBits(32);
  if (takeBits(1))
    fail(EXIT_UNSUPPORTED, 'the bzip2 data has a block in random order, as versions before 0.9.5 made');
  const first = takeBits(24);
  const symbols = readAlphabet() + 2;
  const codeCount = takeBits(3);
  if (codeCount < 2 || codeCount > CODE_LIMIT) corrupt();
  readSelectors(codeCount);
  for (let i: u32 = 0; i < codeCount; i++) readCode(codes + i * CODE_SIZE, symbols);
  const length = readSymbols(links, level * 100_000, symbols - 1);
  if (first >= length) corrupt();
  link(length);
  if (follow(first, length) != checksum) corrupt();
  return checksum;
}

/** Reads which bytes there are, and answers how many. */
function readAlphabet(): u32 {
  const groups = takeBits(16);
  let count: u32 = 0;
  for (let group: u32 = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) == 0) continue;
    const members = takeBits(16);
    for (let i: u32 = 0; i < 16; i++) {
      if (members & (0x8000 >> i)) store<u8>(order + count++, (group << 4) | i);
    }
  }
  if (count == 0) corrupt();
  return count;
}

function link(length: u32): void {
  let sum: u32 = 0;
  for (let byte = 0; byte < ALPHABET; byte++) {
    const count = load<u32>(countOf(byte));
    store<u32>(countOf(byte), sum);
    sum += count;
  }
  for (let i: u32 = 0; i < length; i++) {
    const place = countOf(load<u8>(links + (i << 2)));
    const next = load<u32>(place);
    store<u32>(place, next + 1);
    const at = links + (next << 2);
    store<u32>(at, load<u32>(at) | (i << 8));
  }
}

/** Follows the links, undoes the runs on the way, and answers the checksum. */
function follow(first: u32, left: u32): u32 {
  let checksum: u32 = 0xffffffff;
  let next = load<u32>(links + (first << 2)) >> 8;
  let previous: u32 = ALPHABET;
  let run: u32 = 0;
  while (left > 0) {
    const start = makeRoom(PIECE);
    const limit = start + PIECE - RUN_LIMIT;
    let to = start;
    while (left > 0 && to < limit) {
      next = load<u32>(links + (next << 2));
      const byte = next & 0xff;
      next >>= 8;
      left--;
      if (run == 4) {
        memory.fill(to, <u8>previous, byte);
        to += byte;
        run = 0;
      } else {
        run = byte == previous ? run + 1 : 1;
        previous = byte;
        store<u8>(to++, byte);
      }
    }
    checksum = continueCrc(checksum, start, to - start);
    advanceWindow(to);
  }
  return ~checksum;
}
