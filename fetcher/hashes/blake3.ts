import { compressBlock, compressFourChunks, initialValue, makeSchedule } from './blake3-compress.ts';

/**
 * BLAKE3 (the paper's section 5.1, plain hashing), one message at a time. Whole chunks are hashed four at a
 * time, and their chaining values merged on a stack as a tree that leans to the left.
 */
export const DIGEST_LENGTH: i32 = 32;

const CHUNK: usize = 1024;
const FLAG_CHUNK_START: u32 = 1;
const FLAG_CHUNK_END: u32 = 2;
const FLAG_PARENT: u32 = 4;
const FLAG_ROOT: u32 = 8;

/** Chaining values not yet merged: at most one for each bit of the number of chunks, and the newest. */
const stack = memory.data(56 * 32, 16);
const four = memory.data(4 * 32, 16);
const chunk = memory.data(1024, 16);
let stackTop: usize = stack;
let chunkCount: u64 = 0;
let filled: usize = 0;

export function blake3Begin(): void {
  makeSchedule();
  stackTop = stack;
  chunkCount = 0;
  filled = 0;
}

export function blake3Update(bytes: usize, length: usize): void {
  if (length == 0) return;
  if (filled > 0) {
    const taken = min(CHUNK - filled, length);
    memory.copy(chunk + filled, bytes, taken);
    filled += taken;
    bytes += taken;
    length -= taken;
    // The last chunk is kept back, since it may be the root.
    if (length == 0) return;
    hashChunk(chunk);
    filled = 0;
  }
  for (; length > 4 * CHUNK; length -= 4 * CHUNK) {
    compressFourChunks(bytes, chunkCount, four);
    for (let i = 0; i < 4; i++) {
      memory.copy(stackTop, four + 32 * i, 32);
      pushChunk();
    }
    bytes += 4 * CHUNK;
  }
  for (; length > CHUNK; length -= CHUNK) {
    hashChunk(bytes);
    bytes += CHUNK;
  }
  memory.copy(chunk, bytes, length);
  filled = length;
}

/** Writes the 32 bytes of the digest. */
export function blake3End(digest: usize): void {
  if (stackTop == stack) {
    chainBlocks(chunk, filled, FLAG_ROOT, digest);
    return;
  }
  chainBlocks(chunk, filled, 0, stackTop);
  stackTop += 32;
  while (stackTop > stack + 64) mergeTop(0);
  mergeTop(FLAG_ROOT);
  memory.copy(digest, stack, DIGEST_LENGTH);
}

function hashChunk(bytes: usize): void {
  chainBlocks(bytes, CHUNK, 0, stackTop);
  pushChunk();
}

/** Takes the chaining value that was written at the top, and merges the subtrees that it completes. */
function pushChunk(): void {
  stackTop += 32;
  chunkCount++;
  for (let rest = chunkCount; (rest & 1) == 0; rest >>= 1) mergeTop(0);
}

function mergeTop(flags: u32): void {
  stackTop -= 32;
  compressBlock(initialValue, stackTop - 32, 64, 0, FLAG_PARENT | flags, stackTop - 32);
}

/** The chaining value of a chunk: its blocks one after another. The last block is padded in place. */
function chainBlocks(bytes: usize, length: usize, lastFlags: u32, result: usize): void {
  let chaining = initialValue;
  let flags = FLAG_CHUNK_START;
  while (length > 64) {
    compressBlock(chaining, bytes, 64, chunkCount, flags, result);
    chaining = result;
    flags = 0;
    bytes += 64;
    length -= 64;
  }
  // Only the kept chunk can end in a part of a block, so there is room for the zeros.
  memory.fill(bytes + length, 0, 64 - length);
  compressBlock(chaining, bytes, <u32>length, chunkCount, flags | FLAG_CHUNK_END | lastFlags, result);
}
