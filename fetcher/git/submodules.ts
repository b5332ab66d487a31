import { EXIT_LIMIT, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { Entry } from '../output/entries.ts';
import { append, appendByte, appendBytes, lengthSince, mark, rewind } from '../text/text.ts';
import { appendAddress } from './addresses.ts';
import { readContent } from './cache.ts';
import { fetchCommit } from './fetch.ts';
import { obtain } from './known.ts';
import { BLOB, COMMIT, TREE, requireObject } from './objects.ts';
import { requestParts, want } from './parts.ts';
import { aimRequests } from './request.ts';
import { MODE_FILE, enterCommit, entryId, entryType, fillEntry, findInTree, takeSubmodules } from './tree.ts';

/** Submodules, each in its place, and what they have in them. */
const DEPTH_LIMIT: i32 = 16;
const COUNT_LIMIT: i32 = 1000;
const SETTINGS_LIMIT: u64 = 1 << 20;

let count: i32 = 0;
/** The text of `.gitmodules`. */
let settings: usize = 0;
let settingsLength: i32 = 0;

/** Fetches what belongs into the submodules that were met in a tree; the tree lies at the prefix in the commit's. */
export function fillSubmodules(
  root: Entry,
  commit: usize,
  url: usize,
  urlLength: i32,
  prefix: usize,
  prefixLength: i32,
  depth: i32,
): void {
  let submodule = takeSubmodules();
  if (submodule == null) return;
  if (depth == DEPTH_LIMIT) fail(EXIT_LIMIT, 'submodules lie too deep in one another');
  readSettings(commit);
  const text = settings;
  const length = settingsLength;
  const start = mark();
  while (submodule != null) {
    if (++count > COUNT_LIMIT) fail(EXIT_LIMIT, 'there are more than a thousand submodules');
    const entry = submodule.entry;
    if (prefixLength > 0) appendByte(0x2f);
    appendBytes(prefix, prefixLength);
    appendEntryPath(entry, root);
    const address = appendAddress(text, length, start + 1, lengthSince(start) - 1, url, urlLength);
    const addressLength = lengthSince(address);
    aimRequests(address, addressLength);
    fetchCommit(submodule.commit);
    fillEntry(entry, 0);
    fillSubmodules(entry, submodule.commit, address, addressLength, 0, 0, depth + 1);
    rewind(start);
    submodule = submodule.next;
  }
}

/** Appends the path of an entry below a root, each name after a slash. */
function appendEntryPath(entry: Entry, root: Entry): void {
  if (entry == root) return;
  appendEntryPath(changetype<Entry>(entry.parent), root);
  appendByte(0x2f);
  appendBytes(entry.name, entry.nameLength);
}

/** Reads `.gitmodules` of the commit's root. */
function readSettings(commit: usize): void {
  settingsLength = 0;
  enterCommit(requireObject(commit, COMMIT));
  const name = mark();
  append('.gitmodules');
  const isThere = findInTree(requireObject(entryId(), TREE), name, lengthSince(name));
  rewind(name);
  if (!isThere || entryType() != MODE_FILE) return;
  const id = entryId();
  if (obtain(id, BLOB) == null) {
    want(id, BLOB);
    requestParts('', false);
  }
  const content = requireObject(id, BLOB).content!;
  if (content.size > SETTINGS_LIMIT) fail(EXIT_LIMIT, 'the file .gitmodules is too large');
  settings = reserve(<usize>content.size + 1);
  settingsLength = <i32>content.size;
  readContent(content, settings);
}
