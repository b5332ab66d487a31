import { DIGEST_LENGTH, blake3Begin, blake3End, blake3Update } from '../hashes/blake3.ts';
import { claim } from '../host/claims.ts';
import { digestOf } from './content.ts';
import { DIRECTORY, Entry, FILE, SYMLINK, directoryDigest, sortChildren } from './entries.ts';
import {
  append,
  appendBase32,
  appendByte,
  appendBytes,
  appendHexadecimal,
  lengthSince,
  mark,
  rewind,
} from '../text/text.ts';

/**
 * The canonical encoding of a tree: the message `Directory` of the Remote Execution API (REAPI v2), its lists
 * sorted by name, fields in the order of their numbers, default values left out.
 */
const FIELD_NAME: i32 = 1;
const FIELD_DIGEST: i32 = 2;
const FIELD_TARGET: i32 = 2;
const FIELD_EXECUTABLE: i32 = 4;
const FIELD_HASH: i32 = 1;
const FIELD_SIZE: i32 = 2;

function appendVarint(value: u64): void {
  for (; value > 127; value >>= 7) appendByte((<u8>value) | 0x80);
  appendByte(<u8>value);
}

function appendVarintField(field: i32, value: u64): void {
  if (value == 0) return;
  appendByte(<u8>(field << 3));
  appendVarint(value);
}

/** The tag and the length of a field that has bytes. */
function appendLength(field: i32, length: i32): void {
  appendByte(<u8>((field << 3) | 2));
  appendVarint(length);
}

function appendText(field: i32, text: usize, length: i32): void {
  if (length == 0) return;
  appendLength(field, length);
  appendBytes(text, length);
}

function appendDigest(hash: usize, size: u64): void {
  appendLength(FIELD_DIGEST, 0);
  const start = mark();
  appendLength(FIELD_HASH, 2 * DIGEST_LENGTH);
  appendHexadecimal(hash, DIGEST_LENGTH);
  appendVarintField(FIELD_SIZE, size);
  // The length is one byte.
  store<u8>(start - 1, lengthSince(start));
}

/** Hashes one node of the message, and answers its length. */
function hashNode(entry: Entry): i32 {
  const start = mark();
  appendText(FIELD_NAME, entry.name, entry.nameLength);
  if (entry.kind == FILE) {
    const content = entry.content!;
    appendDigest(digestOf(content), content.size);
    appendVarintField(FIELD_EXECUTABLE, <u64>entry.executable);
  } else if (entry.kind == DIRECTORY) appendDigest(directoryDigest(entry), entry.size);
  else appendText(FIELD_TARGET, entry.target, entry.targetLength);
  const node = mark();
  const length = <i32>(node - start);
  // The kinds have the numbers of the lists.
  appendLength(entry.kind, length);
  const head = lengthSince(node);
  blake3Update(node, head);
  blake3Update(start, length);
  rewind(start);
  return head + length;
}

function hashNodes(directory: Entry, kind: u8): u64 {
  let length: u64 = 0;
  let child = directory.children;
  while (child != null) {
    if (child.kind == kind) length += hashNode(child);
    child = child.next;
  }
  return length;
}

/** Sorts and hashes a directory, after those in it: one hash is under way at a time. */
function hashDirectory(directory: Entry): void {
  const known = directory.content;
  if (known != null) {
    directory.size = known.size;
    memory.copy(directoryDigest(directory), digestOf(known), DIGEST_LENGTH);
    return;
  }
  let child = directory.children;
  while (child != null) {
    if (child.kind == DIRECTORY) hashDirectory(child);
    child = child.next;
  }
  sortChildren(directory);
  blake3Begin();
  directory.size =
    hashNodes(directory, FILE) + hashNodes(directory, DIRECTORY) + hashNodes(directory, SYMLINK);
  blake3End(directoryDigest(directory));
}

/** Claims the Cab hash of the output, which is the digest of its root. */
export function claimCabHash(root: Entry): void {
  hashDirectory(root);
  const start = mark();
  append('cab:');
  appendBase32(directoryDigest(root), DIGEST_LENGTH);
  claim(start);
}
