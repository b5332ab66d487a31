import { DIGEST_LENGTH, blake3Begin, blake3End, blake3Update } from '../hashes/blake3.ts';
import { content_place } from '../host/cab.ts';
import { EXIT_FILES, fail } from '../host/failure.ts';
import { WORKING_DIRECTORY, close, createFile, openToRead, write } from '../host/files.ts';
import { reserve } from '../host/memory.ts';
import { appendHexadecimal, mark, rewind } from '../text/text.ts';

/**
 * The content of a file, kept in a scratch file until the whole is known to be good; then it is linked to its
 * places in the output, which costs nothing. One is written at a time.
 */
@unmanaged
export class Content {
  size: u64 = 0;
  /** Names the scratch file. */
  number: u32 = 0;
}

const NUMBER: usize = 8;
const DIGEST: usize = 16;

let contentCount: u32 = 0;
let current: Content = changetype<Content>(0);
let descriptor: i32 = -1;

/** So many hexadecimal digits name a scratch file. */
export const PATH_LENGTH: i32 = 8;

/** The scratch file's path, until more is appended to the text: a short one, since the host looks up each part of a path. */
export function pathOf(content: Content): usize {
  const path = mark();
  appendHexadecimal(changetype<usize>(content) + NUMBER, PATH_LENGTH / 2);
  rewind(path);
  return path;
}

/** The BLAKE3 of the content. */
export function digestOf(content: Content): usize {
  return changetype<usize>(content) + DIGEST;
}

function newContent(): Content {
  const content = changetype<Content>(reserve(DIGEST + DIGEST_LENGTH));
  content.number = ++contentCount;
  return content;
}

export function beginContent(): void {
  current = newContent();
  descriptor = createFile(WORKING_DIRECTORY, pathOf(current), PATH_LENGTH);
  blake3Begin();
}

/** A content that the store has; `found` is what it says of it. It has no scratch file. */
export function knownContent(found: usize): Content {
  const content = newContent();
  memory.copy(digestOf(content), found, DIGEST_LENGTH);
  content.size = load<u64>(found, DIGEST_LENGTH);
  return content;
}

/** A file that the store has: it becomes a scratch file too. */
export function placeContent(found: usize, id: usize, idLength: i32): Content {
  const content = knownContent(found);
  const error = content_place(id, idLength, WORKING_DIRECTORY, pathOf(content), PATH_LENGTH);
  if (error != 0) fail(EXIT_FILES, 'cannot place what the store has: error', 0, 0, error);
  return content;
}

export function writeContent(bytes: usize, length: usize): void {
  write(descriptor, bytes, length);
  blake3Update(bytes, length);
  current.size += length;
}

export function endContent(): Content {
  close(descriptor);
  blake3End(digestOf(current));
  return current;
}

/** Gives up the content being written; its scratch file stays behind, in no output. */
export function abandonContent(): void {
  close(descriptor);
}

export function openContent(content: Content): i32 {
  return openToRead(WORKING_DIRECTORY, pathOf(content), PATH_LENGTH);
}
