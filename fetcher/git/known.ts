import { content_find, content_name, content_place } from '../host/cab.ts';
import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { knownContent, placeContent } from '../output/content.ts';
import { Entry } from '../output/entries.ts';
import { objectHash } from '../stream/sink.ts';
import { equal } from '../text/bytes.ts';
import { append, appendHexadecimal, lengthSince, mark, rewind } from '../text/text.ts';
import { readContent } from './cache.ts';
import { LONGEST_ID, idLength } from './ids.ts';
import { endHash, updateHash } from '../hashes/message.ts';
import {
  BLOB,
  COMMIT,
  KNOWN_TREE,
  PackObject,
  TREE,
  UNKNOWN,
  addUnknown,
  beginId,
  idOf,
  lookUp,
} from './objects.ts';

/** What the store knows by the ids that git gives it. */
const FOUND_FILE: i32 = 1;
const FOUND_DIRECTORY: i32 = 2;

/** The digest and the size of what was found. */
const found = memory.data(40, 8);
const digest = memory.data(LONGEST_ID);

/** Appends `<format>:<id>`, and answers where it begins. */
function appendIdentity(kind: u8, id: usize): usize {
  const start = mark();
  if (kind == BLOB) append('git-blob:');
  else if (kind == COMMIT) append('git-commit:');
  else if (kind == TREE) append('git-tree-object:');
  else append('git-tree:');
  appendHexadecimal(id, idLength());
  return start;
}

/**
 * What is there of an object: itself, or for `KNOWN_TREE` a tree that the store has as a directory. Null if it is unknown; then
 * it is in the index as such.
 */
export function obtain(id: usize, kind: u8): PackObject | null {
  let object = lookUp(id);
  if (object != null && object.kind != UNKNOWN && (object.kind != KNOWN_TREE || kind == KNOWN_TREE))
    return object;
  const isNew = object == null;
  if (object == null) object = addUnknown(id);
  else if (object.kind == KNOWN_TREE) object.kind = UNKNOWN;
  else return null;
  if (isNew && kind == KNOWN_TREE && recallDirectory(object)) return object;
  return recallFile(object, kind == KNOWN_TREE ? TREE : kind) ? object : null;
}

/** Takes a tree as it is in the store, if it is, though its text may be there; answers whether it is. */
export function recallDirectory(object: PackObject): bool {
  const start = appendIdentity(KNOWN_TREE, idOf(object));
  const answer = content_find(start, lengthSince(start), found);
  rewind(start);
  if (answer != FOUND_DIRECTORY) return false;
  object.kind = KNOWN_TREE;
  object.content = knownContent(found);
  return true;
}

function recallFile(object: PackObject, kind: u8): bool {
  const start = appendIdentity(kind, idOf(object));
  const length = lengthSince(start);
  const isThere = content_find(start, length, found) == FOUND_FILE;
  if (isThere) {
    object.kind = kind;
    object.content = placeContent(found, start, length);
    if (kind != BLOB) recallText(object);
  }
  rewind(start);
  return isThere;
}

/** Reads a commit or tree into memory. */
function recallText(object: PackObject): void {
  const content = object.content!;
  object.size = <u32>content.size;
  object.data = reserve(object.size + 1);
  readContent(content, object.data);
  beginId(object.kind, object.size);
  updateHash(objectHash, object.data, object.size);
  endHash(objectHash, digest);
  if (!equal(digest, idOf(object), idLength()))
    fail(EXIT_CORRUPT, 'the store has another object than it says');
}

/** Makes an entry's directory appear at its path in the output, or names what is there by its id; answers 0 or an error number. */
export function identifyEntry(entry: Entry, places: bool, directory: i32, path: usize, length: i32): i32 {
  const start = appendIdentity(entry.idKind, entry.id);
  const idLength = lengthSince(start);
  const error = places
    ? content_place(start, idLength, directory, path, length)
    : content_name(start, idLength, directory, path, length);
  rewind(start);
  return error;
}
