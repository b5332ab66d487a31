import { crc32 } from '../../archive/crc32.ts';
import { consumed, corrupt, cursor, has, take } from '../input.ts';
import { TO_XZ_FILTERS, aimOutput } from '../output.ts';
import { unpackBlock } from './block.ts';
import { chooseCheck } from './check.ts';
import { beginHeader, endHeader, headerByte } from './header.ts';
import { beginBlocks, verifyRecords } from './records.ts';

/** The .xz format, version 1.2: any number of streams, each with an index of its blocks and a footer. */
const MAGIC: u64 = 0x00005a587a37fd;
const MAGIC_LENGTH: usize = 6;
const MAGIC_OF_FOOTER: u16 = 0x5a59;

export function isXz(): bool {
  return has(MAGIC_LENGTH) && (load<u64>(cursor()) & 0xffffffffffff) == MAGIC;
}

export function unpackXz(): void {
  aimOutput(TO_XZ_FILTERS);
  do unpackStream();
  while (skipPadding());
}

function unpackStream(): void {
  if (!isXz()) corrupt();
  take(MAGIC_LENGTH);
  const check = readFlags();
  endHeader();
  chooseCheck(check);
  beginBlocks();
  beginHeader();
  for (let words = headerByte(); words != 0; words = headerByte()) {
    unpackBlock(words);
    beginHeader();
  }
  verifyIndex(consumed() - 1, check);
}

/** The two bytes of flags, which name the check and nothing else. */
function readFlags(): u32 {
  beginHeader();
  if (headerByte() != 0) corrupt();
  return headerByte();
}

/** Reads the index behind its first byte, and the footer. */
function verifyIndex(start: u64, check: u32): void {
  verifyRecords();
  while ((consumed() - start) & 3) if (headerByte() != 0) corrupt();
  endHeader();
  const words = <u32>((consumed() - start) >> 2) - 1;
  const footer = take(12);
  if (crc32(0, footer + 4, 6) != load<u32>(footer)) corrupt();
  if (load<u32>(footer, 4) != words || load<u16>(footer, 8) != check << 8) corrupt();
  if (load<u16>(footer, 10) != MAGIC_OF_FOOTER) corrupt();
}

/** Goes over zeros, four at a time; answers whether another stream follows. */
function skipPadding(): bool {
  while (has(4) && load<u32>(cursor()) == 0) take(4);
  return has(1);
}
