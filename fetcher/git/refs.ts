import { lengthOfPin, pin } from '../host/environment.ts';
import { EXIT_CORRUPT, EXIT_NO_SUCH_REF, EXIT_USAGE, fail } from '../host/failure.ts';
import { closeResponse } from '../stream/response.ts';
import { equal, equalsText, fromHexadecimal, indexOf, startsWith } from '../text/bytes.ts';
import { append, appendBytes } from '../text/text.ts';
import { findAbbreviated, isAbbreviation } from './abbreviation.ts';
import { LONGEST_ID, idLength, useSha256, usesSha256 } from './ids.ts';
import {
  PACKET_DATA,
  PACKET_FLUSH,
  PACKET_NONE,
  appendPacket,
  beginPacket,
  endPacket,
  lineText,
  nextPacket,
  readLine,
  refuseError,
} from './packets.ts';
import { beginRequest, sendRequest } from './request.ts';

/** From what a ref is called to the commit that it is. */
const SHA1_DIGITS: i32 = 40;
const SHA256_DIGITS: i32 = 64;

/** How good a match is: a branch before a tag, a tag before a full name. */
const RANK_NONE: i32 = 0;
const RANK_FULL_NAME: i32 = 1;
const RANK_TAG: i32 = 2;
const RANK_BRANCH: i32 = 3;

const commit = memory.data(LONGEST_ID);
let ref: usize = 0;
let refLength: i32 = 0;

/** The commit that was found last. */
export function foundCommit(): usize {
  return commit;
}

/** Takes a text for the commit if it is a whole id. */
function takeId(text: usize, length: i32): bool {
  if (length != SHA1_DIGITS && length != SHA256_DIGITS) return false;
  if (!fromHexadecimal(text, commit, length >> 1)) return false;
  if (length == SHA256_DIGITS) useSha256();
  return length == idLength() * 2;
}

/** Finds the commit by the pin, the ref itself, or the server; answers whether it was pinned. */
export function findCommit(name: usize, length: i32): bool {
  ref = name;
  refLength = length;
  if (length == 0) fail(EXIT_USAGE, 'the ref is empty');
  const pinned = pin('git:');
  if (pinned != 0) {
    if (!takeId(pinned, lengthOfPin()))
      fail(EXIT_USAGE, 'the pinned commit is no object id:', pinned, lengthOfPin());
    return true;
  }
  if (!takeId(name, length)) resolveRef();
  return false;
}

/** Whether the ref is anything but the id of a commit. */
export function canMove(): bool {
  return !takeId(ref, refLength);
}

/** Asks the server what the ref is now. */
export function resolveRef(): void {
  let best = listRefs();
  if (best < 0) {
    // This is how a server of the other object format answers.
    useSha256();
    best = listRefs();
  }
  if (best < 0) fail(EXIT_CORRUPT, 'the list of refs is malformed');
  if (best != RANK_NONE) return;
  if (!isAbbreviation(ref, refLength) || !findAbbreviated(ref, refLength, commit))
    fail(EXIT_NO_SUCH_REF, 'the server has no such ref:', ref, refLength);
}

/** Answers the rank of the best match, or -1 if the server says nothing at all. */
function listRefs(): i32 {
  beginRequest('command=ls-refs');
  appendPacket('peel');
  appendPacket('symrefs');
  if (!equalsText(ref, refLength, 'HEAD')) {
    appendRefPrefix('refs/heads/');
    appendRefPrefix('refs/tags/');
  }
  // A full name is asked for only if it is one, so that the answer stays short.
  if (isFullName()) appendRefPrefix('');
  sendRequest();
  let best = RANK_NONE;
  let kind = nextPacket();
  if (kind == PACKET_NONE && !usesSha256()) return -1;
  for (; kind == PACKET_DATA; kind = nextPacket()) {
    const length = readLine();
    if (length < 0) break;
    refuseError(length);
    best = max(best, readRef(length, best));
  }
  if (kind != PACKET_FLUSH) fail(EXIT_CORRUPT, 'the list of refs is malformed');
  closeResponse();
  return best;
}

function appendRefPrefix(prefix: string): void {
  const start = beginPacket();
  append('ref-prefix ');
  append(prefix);
  appendBytes(ref, refLength);
  append('\n');
  endPacket(start);
}

function isFullName(): bool {
  return startsWith(ref, refLength, 'refs/') || equalsText(ref, refLength, 'HEAD');
}

function rankOf(name: usize, length: i32): i32 {
  const bare = length - refLength;
  if (bare < 0 || !equal(name + bare, ref, refLength)) return RANK_NONE;
  if (bare == 0) return isFullName() ? RANK_FULL_NAME : RANK_NONE;
  if (equalsText(name, bare, 'refs/heads/')) return RANK_BRANCH;
  return equalsText(name, bare, 'refs/tags/') ? RANK_TAG : RANK_NONE;
}

/** Reads one line `<id> <name>[ <attribute>...]` and takes its commit if it is a better match. */
function readRef(length: i32, best: i32): i32 {
  const line = lineText();
  const digits = idLength() * 2;
  if (length < digits + 2) return RANK_NONE;
  const name = line + digits + 1;
  const rest = length - digits - 1;
  const nameLength = indexOf(name, rest, 0x20);
  const rank = rankOf(name, nameLength);
  if (rank <= best) return RANK_NONE;
  return fromHexadecimal(commitOfLine(length), commit, idLength()) ? rank : RANK_NONE;
}

/** The id of the commit in the line `<id> <name>[ <attribute>...]` that was read last: where a tag was peeled, what it is of. */
export function commitOfLine(length: i32): usize {
  const digits = idLength() * 2;
  const end = lineText() + length;
  for (let at = lineText() + digits + 1; at < end;) {
    const wordLength = indexOf(at, <i32>(end - at), 0x20);
    if (startsWith(at, wordLength, 'peeled:') && wordLength == digits + 7) return at + 7;
    at += wordLength + 1;
  }
  return lineText();
}
