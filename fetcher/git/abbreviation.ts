import { EXIT_CORRUPT, EXIT_LIMIT, EXIT_NO_SUCH_REF, fail } from '../host/failure.ts';
import { close } from '../host/files.ts';
import { reserve } from '../host/memory.ts';
import { beginContent, endContent, openContent, Content, writeContent } from '../output/content.ts';
import { closeResponse } from '../stream/response.ts';
import { equal, fromHexadecimal, hexadecimalDigit } from '../text/bytes.ts';
import { appendHexadecimal, mark, rewind } from '../text/text.ts';
import { forgetCache, readPart } from './cache.ts';
import { LONGEST_ID, idLength } from './ids.ts';
import {
  COMMIT,
  PackObject,
  addUnknown,
  forgetObjects,
  idOf,
  lookUp,
  objectAt,
  countObjects,
} from './objects.ts';
import { readParts } from './parts.ts';
import { PACKET_DATA, appendPacket, nextPacket, readLine } from './packets.ts';
import { commitOfLine } from './refs.ts';
import { GIVEN, appendWant, beginRequest, sendFetch, sendRequest } from './request.ts';

/**
 * Looking for the commit that an abbreviation stands for: among the tips of branches and tags, then in all of the history. Of that
 * only a table stays in memory; the texts, which deltas may need, go to scratch files of many.
 */
const SHORTEST: i32 = 7;
const SEGMENT_BITS: u32 = 20;
const SEGMENT: u32 = 1 << SEGMENT_BITS;
const SEGMENTS: u32 = 4096;
const TIPS_LIMIT: i32 = 8000;

let searching: bool = false;
let abbreviation: usize = 0;
let abbreviationLength: i32 = 0;
const match = memory.data(LONGEST_ID);
let matches: i32 = 0;

/** The segment that is being filled, how much of it is, and the contents of those before. */
let segment: usize = 0;
let filled: u32 = 0;
let full: u32 = 0;
let contents: usize = 0;

export function isSearching(): bool {
  return searching;
}

/** Whether a ref may be an abbreviated commit. */
export function isAbbreviation(ref: usize, length: i32): bool {
  if (length < SHORTEST || length >= 2 * LONGEST_ID) return false;
  for (let i = 0; i < length; i++) if (hexadecimalDigit(load<u8>(ref + i)) < 0) return false;
  return true;
}

/** Finds the one commit whose id begins so; answers false if there is none. */
export function findAbbreviated(ref: usize, length: i32, commit: usize): bool {
  abbreviation = ref;
  abbreviationLength = length;
  matches = 0;
  listTips();
  if (matches == 0) searchHistory();
  forgetObjects();
  if (matches > 1) fail(EXIT_NO_SUCH_REF, 'more than one commit begins with', ref, length);
  memory.copy(commit, match, idLength());
  return matches == 1;
}

/** Takes an id, which may have been met before, if it begins as it should. */
function compare(id: usize): void {
  const text = mark();
  appendHexadecimal(id, idLength());
  let at = 0;
  while (at < abbreviationLength && (load<u8>(abbreviation + at) | 0x20) == (load<u8>(text + at) | 0x20))
    at++;
  rewind(text);
  if (at < abbreviationLength || (matches > 0 && equal(match, id, idLength()))) return;
  memory.copy(match, id, idLength());
  matches++;
}

/** Lists what branches and tags are now; each becomes an unknown object. */
function listTips(): void {
  beginRequest('command=ls-refs');
  appendPacket('peel');
  appendPacket('ref-prefix refs/heads/');
  appendPacket('ref-prefix refs/tags/');
  appendPacket('ref-prefix HEAD');
  sendRequest();
  const id = memory.data(LONGEST_ID);
  while (nextPacket() == PACKET_DATA) {
    const length = readLine();
    if (length < 2 * idLength() || !fromHexadecimal(commitOfLine(length), id, idLength()))
      fail(EXIT_CORRUPT, 'the list of refs is malformed');
    compare(id);
    if (lookUp(id) == null) addUnknown(id);
  }
  closeResponse();
}

/** Goes through all commits that the tips lead to. */
function searchHistory(): void {
  if (countObjects() == 0) return;
  beginRequest('command=fetch');
  for (let i: u32 = 0; i < min<u32>(countObjects(), TIPS_LIMIT); i++) appendWant(idOf(objectAt(i)));
  appendPacket('filter tree:0');
  if (sendFetch() != GIVEN)
    fail(EXIT_NO_SUCH_REF, 'the server cannot look for the commit', abbreviation, abbreviationLength);
  segment = reserve(SEGMENT);
  contents = reserve(SEGMENTS * 4);
  searching = true;
  readParts();
  searching = false;
  forgetCache();
}

/** Keeps a text of the history, and looks at its id. */
export function keepHistory(object: PackObject, data: usize, size: u32): void {
  if (object.kind == COMMIT) compare(idOf(object));
  if (size > SEGMENT) fail(EXIT_LIMIT, 'a tree or commit is too large');
  if (filled + size > SEGMENT) {
    if (full == SEGMENTS - 1) fail(EXIT_LIMIT, 'the history is too large');
    beginContent();
    writeContent(segment, filled);
    store<usize>(contents + (full++ << 2), changetype<usize>(endContent()));
    filled = 0;
  }
  memory.copy(segment + filled, data, size);
  object.place = (full << SEGMENT_BITS) | filled;
  filled += size;
}

/** Reads a text of the history again. */
export function readHistory(object: PackObject, to: usize): void {
  const number = object.place >> SEGMENT_BITS;
  const offset = object.place & (SEGMENT - 1);
  if (number == full) {
    memory.copy(to, segment + offset, object.size);
    return;
  }
  const file = openContent(changetype<Content>(load<usize>(contents + (number << 2))));
  readPart(file, to, object.size, offset);
  close(file);
}
