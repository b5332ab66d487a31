import { argument, textLength } from '../host/environment.ts';
import { EXIT_NO_SUBTREE, fail, say } from '../host/failure.ts';
import { DIRECTORY, FILE, newEntry } from '../output/entries.ts';
import { makeOutput } from '../output/output.ts';
import { FOUND, LACKING, claimId, countWithCommit, fetchWhole, obtainCommit, walkTo } from './commit.ts';
import { obtain, recallDirectory } from './known.ts';
import { BLOB, COMMIT, KNOWN_TREE, PackObject, TREE, idOf, missing, requireObject } from './objects.ts';
import { isWanting, meetTree, requestParts, want, wantNothing } from './parts.ts';
import { findCommit, foundCommit } from './refs.ts';
import { GIVEN, aimRequests } from './request.ts';
import { fillSubmodules } from './submodules.ts';
import { MODE_DIRECTORY, MODE_FILE, entryId, entryType, fillEntry } from './tree.ts';

/** A tree at a commit of a git repository. What the store knows of it already is not asked for. */
let subtree: usize = 0;
let subtreeLength: i32 = 0;
let claimed: bool = false;

/** `git <url> <ref> <subtree>`, and `git-submodules` with the same */
export function fetchGit(withSubmodules: bool): void {
  const url = argument(2);
  aimRequests(url, textLength(url));
  const commit = foundCommit();
  findCommit(argument(3), textLength(argument(3)));
  claimId('git:', commit);
  subtree = argument(4);
  subtreeLength = textLength(subtree);
  fetchCommit(commit);
  const root = newEntry(entryType() == MODE_DIRECTORY ? DIRECTORY : FILE, 0, 0);
  fillEntry(root, 0);
  if (withSubmodules) {
    const prefixLength = subtreeLength;
    subtreeLength = 0;
    fillSubmodules(root, commit, url, textLength(url), subtree, prefixLength, 0);
  }
  makeOutput(root);
}

/** Gets what is wanted of the commit, from where requests are aimed at, and goes to its entry. */
export function fetchCommit(commit: usize): void {
  const object = obtainCommit(commit, 'filter tree:1');
  // A server that knows no filter, and does not say so, has sent everything.
  const isWhole = object != null && countWithCommit() > 2;
  if (!isWhole && (object == null || !fetchParts(object))) {
    wantNothing();
    say('the server gives no parts of a commit, so all of it is fetched');
    fetchWhole(commit);
  }
  if (!locate(requireObject(commit, COMMIT))) missing(entryId());
  claimTree();
}

/** Goes down to the sub-tree's own entry; false, at the entry of the tree that is lacking, if one is. */
function locate(commit: PackObject): bool {
  const end = walkTo(commit, subtree, subtreeLength);
  if (end == LACKING) return false;
  if (end != FOUND || (entryType() != MODE_DIRECTORY && entryType() != MODE_FILE)) {
    fail(EXIT_NO_SUBTREE, 'the commit has no tree at', subtree, subtreeLength);
  }
  return true;
}

/** Claims the tree as soon as it is known. A sub-tree that is one file is not claimed: its id lacks the mode. */
function claimTree(): void {
  if (claimed) return;
  claimed = true;
  if (entryType() == MODE_DIRECTORY) claimId('git-tree:', entryId());
}

/** Gets what the store does not know; answers whether the server gives parts. */
function fetchParts(commit: PackObject): bool {
  while (!locate(commit)) {
    want(entryId(), TREE);
    if (requestParts('filter tree:0', false) != GIVEN) return false;
  }
  claimTree();
  const id = entryId();
  const kind = entryType() == MODE_DIRECTORY ? KNOWN_TREE : BLOB;
  let object = obtain(id, kind);
  if (object == null) {
    want(id, kind == BLOB ? BLOB : TREE);
    if (requestParts('filter tree:0', false) != GIVEN) return false;
    object = obtain(id, kind);
  }
  if (kind == KNOWN_TREE && recallDirectory(object!)) return true;
  if (!meetTree(object!, 1, 0) && subtreeLength == 0) {
    // Nothing is known: a first fetch, for which servers are prepared best.
    wantNothing();
    fetchWhole(idOf(commit));
  }
  while (isWanting()) if (requestParts('filter tree:0', true) != GIVEN) return false;
  return true;
}
