import { corrupt, cursor, has, take, takeByte } from '../input.ts';
import { TO_OUTPUT, aimOutput } from '../output.ts';
import { beginWindow, flushWindow } from '../window.ts';
import { alignBits, takeBits } from './bits.ts';
import { prepareBlocks, unpackBlock } from './block.ts';

/** The format of bzip2: any number of streams of blocks, each with a checksum over theirs. */
const MAGIC: u32 = 0x685a42;
const BLOCK_HIGH: u32 = 0x314159;
const BLOCK_LOW: u32 = 0x265359;
const END_HIGH: u32 = 0x177245;
const END_LOW: u32 = 0x385090;

export function isBzip2(): bool {
  return has(4) && (load<u32>(cursor()) & 0xffffff) == MAGIC;
}

export function unpackBzip2(): void {
  prepareBlocks();
  aimOutput(TO_OUTPUT);
  beginWindow(0);
  do unpackStream();
  while (has(1));
}

function unpackStream(): void {
  if (!isBzip2()) corrupt();
  take(3);
  const level = takeByte() - 0x30;
  if (level - 1 > 8) corrupt();
  let checksums: u32 = 0;
  while (true) {
    const high = takeBits(24);
    const low = takeBits(24);
    if (high == END_HIGH && low == END_LOW) break;
    if (high != BLOCK_HIGH || low != BLOCK_LOW) corrupt();
    checksums = rotl<u32>(checksums, 1) ^ unpackBlock(level);
  }
  flushWindow();
  if (takeBits(32) != checksums) corrupt();
  alignBits();
}
