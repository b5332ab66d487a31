import { argument, countArguments, textLength } from '../host/environment.ts';
import { EXIT_NO_PARTS, EXIT_USAGE, fail } from '../host/failure.ts';
import { keep } from '../archive/paths.ts';
import { DIRECTORY, Entry, FILE, addEntry, findEntry, newEntry } from '../output/entries.ts';
import { makeOutput } from '../output/output.ts';
import { startsWith } from '../text/bytes.ts';
import { appendHexadecimal, lengthSince, mark, rewind } from '../text/text.ts';
import { FOUND, LACKING, claimId, obtainCommit, walkTo } from './commit.ts';
import { idLength } from './ids.ts';
import { obtain } from './known.ts';
import { BLOB, PackObject, TREE, UNKNOWN, countObjects, idOf, objectAt } from './objects.ts';
import { keepTexts } from './pack.ts';
import { bytesOfPacks, isWanting, requestParts, want } from './parts.ts';
import { findCommit, foundCommit } from './refs.ts';
import { GIVEN, OTHER_FILTER, aimRequests } from './request.ts';
import { MODE_DIRECTORY, MODE_SUBMODULE, MODE_SYMLINK, entryId, entryType } from './tree.ts';

/** Parts of a commit, in few round trips and as few bytes. */

/** As long as not more has come, the next trees may come with the trees in them. */
const GENEROUS: u64 = 32768;

const FIRST_WORD: i32 = 4;

/** `git-read <url> <ref> <word>...`, each word `read:/<path>` or `look:/<path>` */
export function readGit(): void {
  const url = argument(2);
  aimRequests(url, textLength(url));
  keepTexts();
  findCommit(argument(3), textLength(argument(3)));
  claimId('git:', foundCommit());
  const commit = obtainCommit(foundCommit(), 'filter combine:tree:2+blob:none');
  if (commit == null) refuse();
  let generous = true;
  while (walk(commit!)) {
    generous = generous && bytesOfPacks() < GENEROUS;
    let answer = generous ? requestParts('filter combine:tree:2+blob:none', false) : OTHER_FILTER;
    if (answer == OTHER_FILTER) {
      generous = false;
      answer = requestParts('filter tree:0', false);
    }
    if (answer != GIVEN) refuse();
  }
  makeOutput(allObjects());
}

function refuse(): void {
  fail(EXIT_NO_PARTS, 'the server gives no parts of a commit');
}

/** Goes as far along all paths as what is known goes; answers whether more is wanted. */
function walk(commit: PackObject): bool {
  for (let i = FIRST_WORD; i < countArguments(); i++) walkPath(commit, argument(i), textLength(argument(i)));
  return isWanting();
}

function walkPath(commit: PackObject, word: usize, length: i32): void {
  const reads = startsWith(word, length, 'read:/');
  if (!reads && !startsWith(word, length, 'look:/'))
    fail(EXIT_USAGE, 'neither read:/ nor look:/', word, length);
  const end = walkTo(commit, word + 6, length - 6);
  const type = entryType();
  if (end == LACKING) want(entryId(), TREE);
  else if (type == MODE_SYMLINK || (end == FOUND && reads && type != MODE_SUBMODULE)) {
    const kind = type == MODE_DIRECTORY ? TREE : BLOB;
    if (obtain(entryId(), kind) == null) want(entryId(), kind);
  }
}

/** A directory with a file for each object, under its id. */
function allObjects(): Entry {
  const root = newEntry(DIRECTORY, 0, 0);
  for (let i: u32 = 0; i < countObjects(); i++) {
    const object = objectAt(i);
    if (object.kind == UNKNOWN || object.content == null) continue;
    const text = mark();
    appendHexadecimal(idOf(object), idLength());
    const name = keep(text, lengthSince(text));
    rewind(text);
    if (findEntry(root, name, 2 * idLength()) != null) continue;
    const entry = addEntry(root, FILE, name, 2 * idLength());
    entry.content = object.content;
    entry.idKind = object.kind;
    entry.id = idOf(object);
  }
  return root;
}
