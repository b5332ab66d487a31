import { abandonContent } from '../output/content.ts';
import { stopCopying } from '../stream/input.ts';
import { inLayer } from './paths.ts';
import { BLOCK, isTarHeader, isZeroBlock } from './tar-header.ts';
import { beginTar, tarBytes } from './tar.ts';

/** Tells from the first block whether the bytes are an archive, and passes them on if so. */
const block = memory.data(512, 8);
let filled: usize = 0;
let decided: bool = false;
let archive: bool = false;

export function beginArchive(): void {
  filled = 0;
  decided = archive = false;
  beginTar();
}

export function isArchive(): bool {
  return archive;
}

export function archiveBytes(bytes: usize, length: usize): void {
  if (!decided) {
    const taken = min(BLOCK - filled, length);
    memory.copy(block + filled, bytes, taken);
    filled += taken;
    bytes += taken;
    length -= taken;
    if (filled < BLOCK) return;
    decide();
  }
  if (archive) tarBytes(bytes, length);
}

/** From here on the body need not be kept as it came. */
function decide(): void {
  decided = true;
  // A layer of an image may be empty.
  archive = isTarHeader(block) || (inLayer() && isZeroBlock(block));
  if (!archive) return;
  stopCopying();
  abandonContent();
  tarBytes(block, BLOCK);
}
