import { archiveBytes, isArchive } from '../archive/archive.ts';
import { GZIP_FIRST, GZIP_SECOND, gunzip } from '../archive/gzip.ts';
import { archiveRoot } from '../archive/paths.ts';
import { endTar } from '../archive/tar.ts';
import { indexOf } from '../text/bytes.ts';
import { claim } from '../host/claims.ts';
import { beginContent, endContent } from '../output/content.ts';
import { DIRECTORY, Entry, FILE, findEntry, newEntry } from '../output/entries.ts';
import { argument, pin, textLength } from '../host/environment.ts';
import { EXIT_NO_SUBTREE, EXIT_STATUS, fail } from '../host/failure.ts';
import { advance, beginBody, cursor, limit, nextByte, refill } from '../stream/input.ts';
import { makeOutput } from '../output/output.ts';
import { closeResponse, headerValue, openResponse, readHeader } from '../stream/response.ts';
import { append, appendBytes, mark } from '../text/text.ts';

/** An archive, unpacked, or any other file as it is, from an address. */
const STATUS_OK: i32 = 200;
let url: usize = 0;

/** `http <url> <subtree>` */
export function fetchHttp(): void {
  url = argument(2);
  if (pin('cab:') == 0) claimEntityTag();
  const status = request('GET ');
  if (status != STATUS_OK) {
    fail(EXIT_STATUS, 'the server answers with a status other than 200:', url, textLength(url), status);
  }
  const root = readBody();
  closeResponse();
  const subtree = argument(3);
  makeOutput(subtreeOf(withoutSingleTop(root), subtree, textLength(subtree)));
}

function request(method: string): i32 {
  const head = mark();
  append(method);
  appendBytes(url, textLength(url));
  return openResponse(head, mark(), url, textLength(url));
}

/** Claims the entity tag if there is a strong one. Many servers refuse the question; then there is none. */
function claimEntityTag(): void {
  if (request('HEAD ') == STATUS_OK) {
    const length = readHeader('etag');
    if (length > 2 && load<u8>(headerValue()) == 0x22) {
      const start = mark();
      append('etag:');
      appendBytes(headerValue(), length);
      claim(start);
    }
  }
  closeResponse();
}

/** Reads the body once: it is kept as it comes until its beginning has shown that it is an archive. */
function readBody(): Entry {
  beginContent();
  beginBody();
  const start = memory.data(2);
  let length: usize = 0;
  while (length < 2 && hasMore()) store<u8>(start + length++, nextByte());
  if (length == 2 && load<u8>(start) == GZIP_FIRST && load<u8>(start, 1) == GZIP_SECOND) {
    gunzip();
  } else {
    archiveBytes(start, length);
    while (hasMore()) {
      archiveBytes(cursor(), limit() - cursor());
      advance(limit());
    }
  }
  if (isArchive()) {
    endTar();
    return archiveRoot;
  }
  const file = newEntry(FILE, 0, 0);
  file.content = endContent();
  return file;
}

function hasMore(): bool {
  return cursor() < limit() || refill();
}

/** Most archives hold one directory that has all else in it. */
function withoutSingleTop(root: Entry): Entry {
  if (root.kind != DIRECTORY || root.children == null) return root;
  const top = root.children!;
  return top.next == null && top.kind == DIRECTORY ? top : root;
}

function subtreeOf(root: Entry, path: usize, length: i32): Entry {
  let entry: Entry | null = root;
  for (let at = 0; at < length;) {
    const nameLength = indexOf(path + at, length - at, 0x2f);
    entry = entry.kind == DIRECTORY ? findEntry(entry, path + at, nameLength) : null;
    if (entry == null) break;
    at += nameLength + 1;
  }
  if (entry == null || (entry.kind != DIRECTORY && entry.kind != FILE)) {
    fail(EXIT_NO_SUBTREE, 'the archive has no directory or file at', path, length);
  }
  return entry as Entry;
}
