import { beginContent, endContent } from '../output/content.ts';
import { Entry, FILE, newEntry } from '../output/entries.ts';
import {
  advance,
  beginBody,
  beginFilter,
  cursor,
  hasMore,
  limit,
  nextByte,
  putBack,
  startCopying,
} from '../stream/input.ts';
import { archiveBytes, beginArchive, isArchive } from './archive.ts';
import { gunzip } from './gzip.ts';
import { archiveRoot } from './paths.ts';
import { endTar } from './tar.ts';
import { isZip, readZip } from './zip.ts';

/** What a body begins with tells how it is compressed. */
const BEGINNING: usize = 6;
const GZIP: u32 = 0x8b1f;
const BZIP2: u32 = 0x685a42;
const XZ: u32 = 0x587a37fd;
const ZSTD: u32 = 0xfd2fb528;

const beginning = memory.data(8, 8);

/**
 * Reads the body once: an archive into its tree, anything else into one file. It is kept as it comes until its beginning has
 * shown that it is an archive; a zip archive, which has its list at the end, is kept as a whole.
 */
export function unpackBody(): Entry {
  beginContent();
  beginArchive();
  beginBody();
  startCopying();
  let length: usize = 0;
  store<u64>(beginning, 0);
  while (length < BEGINNING && hasMore()) store<u8>(length++, nextByte(), beginning);
  putBack(beginning, length);
  const magic = load<u32>(beginning);
  if ((magic & 0xffff) == GZIP) gunzip();
  else {
    if ((magic & 0xffffff) == BZIP2 || magic == XZ || magic == ZSTD) beginFilter();
    while (hasMore()) {
      archiveBytes(cursor(), limit() - cursor());
      advance(limit());
    }
  }
  if (isArchive()) {
    endTar();
    return archiveRoot;
  }
  const content = endContent();
  if (isZip(magic)) {
    readZip(content);
    return archiveRoot;
  }
  const file = newEntry(FILE, 0, 0);
  file.content = content;
  return file;
}
