import { claim } from '../host/claims.ts';
import { EXIT_NO_SUCH_REF, fail } from '../host/failure.ts';
import { closeResponse } from '../stream/response.ts';
import { indexOf } from '../text/bytes.ts';
import { append, appendHexadecimal, mark } from '../text/text.ts';
import { idLength } from './ids.ts';
import { obtain } from './known.ts';
import { COMMIT, PackObject, TREE, requireObject } from './objects.ts';
import { readParts } from './parts.ts';
import { appendPacket } from './packets.ts';
import { MODE_DIRECTORY, enterCommit, entryId, entryType, findInTree } from './tree.ts';
import { canMove, foundCommit, resolveRef } from './refs.ts';
import {
  ABSENT,
  GIVEN,
  OTHER_FILTER,
  appendWant,
  beginRequest,
  sendFetch,
  sendPlainFetch,
} from './request.ts';

/** Asking for a commit, alone or with what it holds. */

export function claimId(format: string, id: usize): void {
  const start = mark();
  append(format);
  appendHexadecimal(id, idLength());
  claim(start);
}

function beginCommit(commit: usize): void {
  beginRequest('command=fetch');
  appendWant(commit);
  appendPacket('deepen 1');
}

let count: u32 = 0;

/** The number of objects that came with the commit; 0 if the store had it. */
export function countWithCommit(): u32 {
  return count;
}

/**
 * Gets the commit with what the filter lets through, or alone where the server knows but the simplest filter. Null if it
 * gives no parts of a commit.
 */
export function obtainCommit(commit: usize, filter: string): PackObject | null {
  count = 0;
  const known = obtain(commit, COMMIT);
  if (known != null) return known;
  let answer = askForCommit(commit, filter);
  if (answer == OTHER_FILTER) answer = askForCommit(commit, 'filter tree:0');
  if (answer == ABSENT) refuseCommit(commit);
  if (answer != GIVEN) {
    closeResponse();
    return null;
  }
  count = readParts();
  return requireObject(commit, COMMIT);
}

function askForCommit(commit: usize, filter: string): i32 {
  beginCommit(commit);
  appendPacket(filter);
  return sendFetch();
}

/** Gets the commit and all that is in it. */
export function fetchWhole(commit: usize): void {
  beginCommit(commit);
  if (!sendPlainFetch()) refuseCommit(commit);
  readParts();
}

/** The server does not have the commit. Where it was pinned, the claim of what the ref is now tells so. */
function refuseCommit(commit: usize): void {
  const id = mark();
  appendHexadecimal(commit, idLength());
  if (commit == foundCommit() && canMove()) {
    resolveRef();
    claimId('git:', foundCommit());
  }
  fail(EXIT_NO_SUCH_REF, 'the server does not have the commit', id, 2 * idLength());
}

/** How a walk ends: at the entry, at one that is no directory or has no such name in it, or at a tree that is unknown. */
export const FOUND: i32 = 0;
const NOWHERE: i32 = 1;
export const LACKING: i32 = 2;

/** Goes along a path from a commit's tree as far as it can; the entry that it came to is the one that was read last. */
export function walkTo(commit: PackObject, path: usize, length: i32): i32 {
  enterCommit(commit);
  for (let at = 0; at < length;) {
    if (entryType() != MODE_DIRECTORY) return NOWHERE;
    const tree = obtain(entryId(), TREE);
    if (tree == null) return LACKING;
    const nameLength = indexOf(path + at, length - at, 0x2f);
    if (tree.kind != TREE || !findInTree(tree, path + at, nameLength)) return NOWHERE;
    at += nameLength + 1;
  }
  return FOUND;
}
