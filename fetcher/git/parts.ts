import { EXIT_LIMIT, fail } from '../host/failure.ts';
import { packPosition } from '../stream/input.ts';
import { closeResponse } from '../stream/response.ts';
import { obtain } from './known.ts';
import {
  BLOB,
  KNOWN_TREE,
  List,
  PackObject,
  TREE,
  enqueue,
  findObject,
  idOf,
  lookUp,
  missing,
} from './objects.ts';
import { readPack } from './pack.ts';
import { appendPacket } from './packets.ts';
import { GIVEN, appendWant, beginRequest, sendFetch } from './request.ts';
import { DEPTH_LIMIT, MODE_DIRECTORY, MODE_SUBMODULE, entryId, entryType, readEntry } from './tree.ts';

/**
 * Parts of a commit by their ids. The server sends an object that is asked for by its id whatever the filter says, so a
 * filter that leaves out everything gives trees without what is in them.
 */
const WANTS_AT_ONCE: i32 = 2000;
/** A directory of so many entries, none of them known, is taken for new: all that is below it is asked for at once. */
const NEW_DIRECTORY: i32 = 8;

const wanted = changetype<List>(memory.data(8, 4));
/** Trees that are asked for with all that is below them, and blobs: with the last request, which has no filter. */
const wholes = changetype<List>(memory.data(8, 4));
let wantsTrees: bool = false;
let bytes: u64 = 0;

/** The bytes of all packs until now. */
export function bytesOfPacks(): u64 {
  return bytes;
}

export function readParts(): u32 {
  const count = readPack();
  bytes += packPosition();
  closeResponse();
  return count;
}

/** Puts an unknown object on the list of what is asked for. */
export function want(id: usize, kind: u8): void {
  enlist(wanted, id, kind);
}

function enlist(list: List, id: usize, kind: u8): void {
  const object = lookUp(id)!;
  if (object.met != 0) return;
  object.met = kind;
  enqueue(list, object);
  if (kind == TREE && list == wanted) wantsTrees = true;
}

export function isWanting(): bool {
  return wanted.first != null || wholes.first != null;
}

/** Asks for what is wanted; with `meet`, looks at what is in each tree that came. If refused, all stays wanted. */
export function requestParts(treeFilter: string, meet: bool): i32 {
  const filtered = wantsTrees;
  if (!filtered) join();
  const all = wanted.first;
  wanted.first = null;
  wantsTrees = false;
  let next = all;
  while (next != null) {
    beginRequest('command=fetch');
    for (let count = 0; next != null && count < WANTS_AT_ONCE; count++) {
      appendWant(idOf(next));
      next = next.link;
    }
    if (filtered) appendPacket(treeFilter);
    const answer = sendFetch();
    if (answer != GIVEN) {
      wanted.first = all;
      wantsTrees = filtered;
      return answer;
    }
    readParts();
  }
  next = all;
  while (next != null) {
    const object = findObject(idOf(next));
    if (object == null) missing(idOf(next));
    if (meet && filtered && next.met == TREE) meetTree(object!, NEW_DIRECTORY, 0);
    next = next.link;
  }
  return GIVEN;
}

function join(): void {
  if (wholes.first == null) return;
  if (wanted.first == null) wanted.first = wholes.first;
  else wanted.last!.link = wholes.first;
  wholes.first = null;
}

/** Finds what is unknown of a tree, and wants it; answers whether anything is known. */
export function meetTree(tree: PackObject, newSize: i32, depth: i32): bool {
  if (tree.kind != TREE || tree.met == KNOWN_TREE) return true;
  if (depth > DEPTH_LIMIT) fail(EXIT_LIMIT, 'the tree is too deep');
  tree.met = KNOWN_TREE;
  const end = tree.data + tree.size;
  let count = 0;
  let known = 0;
  for (let at = tree.data; at < end; count++) {
    at = readEntry(at, end);
    if (entryType() == MODE_SUBMODULE || obtain(entryId(), kindToObtain()) != null) known++;
  }
  const isNew = known == 0 && count >= newSize;
  for (let at = tree.data; at < end;) {
    at = readEntry(at, end);
    if (entryType() == MODE_SUBMODULE) continue;
    const id = entryId();
    const kind = kindToObtain();
    const object = obtain(id, kind);
    if (object != null) meetTree(object, NEW_DIRECTORY, depth + 1);
    else enlist(isNew ? wholes : wanted, id, kind == BLOB ? BLOB : TREE);
  }
  return known > 0 || count == 0;
}

function kindToObtain(): u8 {
  return entryType() == MODE_DIRECTORY ? KNOWN_TREE : BLOB;
}

/** Forgets what was to be asked for. */
export function wantNothing(): void {
  wanted.first = null;
  wholes.first = null;
  wantsTrees = false;
}
