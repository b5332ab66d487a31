import {
  contains,
  equal,
  equalsText,
  fromHexadecimal,
  hexadecimalDigit,
  indexOf,
  startsWith,
} from '../text/bytes.ts';
import { claim } from '../host/claims.ts';
import { argument, lengthOfPin, pin, textLength } from '../host/environment.ts';
import { EXIT_CORRUPT, EXIT_NO_SUCH_REF, EXIT_STATUS, EXIT_USAGE, fail } from '../host/failure.ts';
import { makeOutput } from '../output/output.ts';
import { appendHeader, closeResponse, openResponse, tolerateLoss } from '../stream/response.ts';
import { append, appendBytes, appendHexadecimal, appendNumber, mark } from '../text/text.ts';
import { ID_LENGTH } from './objects.ts';
import { readPack, readPackForTree } from './pack.ts';
import {
  PACKET_DATA,
  PACKET_FLUSH,
  PACKET_NONE,
  appendPacket,
  beginPacket,
  beginPackets,
  endPacket,
  lineText,
  nextPacket,
  readLine,
  refuseError,
} from './packets.ts';
import { entriesOfTree, wantTree } from './tree.ts';

/** Git's smart HTTP protocol, version 2 (gitprotocol-v2): at most three requests, each only if need be. */
const HEXADECIMAL_ID: i32 = 40;
const STATUS_OK: i32 = 200;

const commit = memory.data(20);
let url: usize = 0;
let ref: usize = 0;
let refLength: i32 = 0;
let subtree: usize = 0;
let subtreeLength: i32 = 0;

/** `git <url> <ref> <subtree>` */
export function fetchGit(): void {
  url = argument(2);
  ref = argument(3);
  refLength = textLength(ref);
  subtree = argument(4);
  subtreeLength = textLength(subtree);
  if (refLength == 0) fail(EXIT_USAGE, 'the ref is empty');
  const pinned = findCommit();
  claimCommit();
  wantTree(commit, subtree, subtreeLength);
  if (!pinned) probeTree();
  if (!requestPack(false)) refuseCommit(pinned);
  readPack();
  closeResponse();
  makeOutput(entriesOfTree());
}

/** Sets the commit from the pin, the ref itself, or the server; answers whether it was pinned. */
function findCommit(): bool {
  const pinned = pin('git:');
  if (pinned != 0) {
    if (lengthOfPin() != HEXADECIMAL_ID || !fromHexadecimal(pinned, commit, ID_LENGTH)) {
      fail(EXIT_USAGE, 'the pinned commit is no object id:', pinned, lengthOfPin());
    }
    return true;
  }
  if (refLength == HEXADECIMAL_ID && fromHexadecimal(ref, commit, ID_LENGTH)) return false;
  resolveRef();
  return false;
}

function claimCommit(): void {
  const start = mark();
  append('git:');
  appendHexadecimal(commit, ID_LENGTH);
  claim(start);
}

/** Appends the head of a request; its body is what is appended then. */
function appendHead(): void {
  append('POST ');
  let length = textLength(url);
  while (length > 0 && load<u8>(url + length - 1) == 0x2f) length--;
  appendBytes(url, length);
  append('/git-upload-pack');
  appendHeader('git-protocol: version=2');
  // Forges tell git from a browser by this alone, where the address does not end in `.git`.
  appendHeader('user-agent: git/cab');
  appendHeader('content-type: application/x-git-upload-pack-request');
  appendHeader('accept: application/x-git-upload-pack-result');
}

/** Sends the request and answers its status. */
function send(head: usize, body: usize): i32 {
  beginPackets();
  return openResponse(head, body, url, textLength(url));
}

function refuseStatus(status: i32): void {
  if (status != STATUS_OK)
    fail(EXIT_STATUS, 'the server answers with a status other than 200:', url, textLength(url), status);
}

/** How good a match is: a branch before a tag, a tag before a full name. */
const RANK_NONE: i32 = 0;
const RANK_FULL_NAME: i32 = 1;
const RANK_TAG: i32 = 2;
const RANK_BRANCH: i32 = 3;

/** Asks the server what the ref is now. */
function resolveRef(): void {
  const head = mark();
  appendHead();
  const body = mark();
  appendPacket('command=ls-refs');
  append('0001');
  appendPacket('peel');
  appendPacket('symrefs');
  appendRefPrefix('refs/heads/');
  appendRefPrefix('refs/tags/');
  appendRefPrefix('');
  append('0000');
  refuseStatus(send(head, body));
  let best = RANK_NONE;
  let kind = nextPacket();
  for (; kind == PACKET_DATA; kind = nextPacket()) {
    const length = readLine();
    if (length < 0) fail(EXIT_CORRUPT, 'the list of refs is truncated');
    refuseError(length);
    best = max(best, readRef(length, best));
  }
  if (kind != PACKET_FLUSH) fail(EXIT_CORRUPT, 'the list of refs is truncated');
  closeResponse();
  if (best == RANK_NONE) fail(EXIT_NO_SUCH_REF, 'the server has no such ref:', ref, refLength);
}

/** A full name is asked for only if it is one, so that the answer stays short. */
function appendRefPrefix(prefix: string): void {
  if (prefix.length == 0 && !isFullName()) return;
  if (prefix.length != 0 && equalsText(ref, refLength, 'HEAD')) return;
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
  if (length < HEXADECIMAL_ID + 2) return RANK_NONE;
  const name = line + HEXADECIMAL_ID + 1;
  const rest = length - HEXADECIMAL_ID - 1;
  const nameLength = indexOf(name, rest, 0x20);
  const rank = rankOf(name, nameLength);
  if (rank <= best) return RANK_NONE;
  let id = line;
  for (let at = nameLength + 1; at < rest;) {
    const attributeLength = indexOf(name + at, rest - at, 0x20);
    if (startsWith(name + at, attributeLength, 'peeled:') && attributeLength == HEXADECIMAL_ID + 7)
      id = name + at + 7;
    at += attributeLength + 1;
  }
  return fromHexadecimal(id, commit, ID_LENGTH) ? rank : RANK_NONE;
}

/** Asks for the commit and the trees on the way to the sub-tree only, if the server can leave out the rest. */
function probeTree(): void {
  tolerateLoss(true);
  const filtered = requestPack(true);
  tolerateLoss(false);
  if (filtered) readPackForTree();
  closeResponse();
}

/** Asks for the commit; answers whether a pack follows. A refusal of anything but the commit ends the program. */
function requestPack(treesOnly: bool): bool {
  const head = mark();
  appendHead();
  const body = mark();
  appendPacket('command=fetch');
  append('0001');
  const want = beginPacket();
  append('want ');
  appendHexadecimal(commit, ID_LENGTH);
  append('\n');
  endPacket(want);
  appendPacket('deepen 1');
  if (treesOnly) appendFilter();
  appendPacket('no-progress');
  appendPacket('ofs-delta');
  appendPacket('done');
  append('0000');
  const status = send(head, body);
  if (treesOnly && status != STATUS_OK) return false;
  refuseStatus(status);
  return findPackSection(treesOnly);
}

/** As deep as the sub-tree lies: depth 0 is the commit alone. */
function appendFilter(): void {
  let depth = subtreeLength == 0 ? 0 : 1;
  for (let i = 0; i < subtreeLength; i++) {
    if (load<u8>(subtree + i) == 0x2f) depth++;
  }
  const filter = beginPacket();
  append('filter tree:');
  appendNumber(depth);
  append('\n');
  endPacket(filter);
}

/** Reads the sections before the pack; they tell what is shallow, which is known. */
function findPackSection(tolerant: bool): bool {
  while (true) {
    const kind = nextPacket();
    if (kind == PACKET_NONE || kind == PACKET_FLUSH) {
      if (!tolerant) fail(EXIT_CORRUPT, 'the server sends no pack');
      return false;
    }
    if (kind != PACKET_DATA) continue;
    const length = readLine();
    if (equalsText(lineText(), length, 'packfile')) return true;
    if (!startsWith(lineText(), length, 'ERR ')) continue;
    if (tolerant || contains(lineText(), length, 'not our ref')) return false;
    refuseError(length);
  }
}

/** The server does not have the commit. Where it was pinned, the claim of what the ref is now tells so. */
function refuseCommit(pinned: bool): void {
  const id = mark();
  appendHexadecimal(commit, ID_LENGTH);
  if (pinned && !(refLength == HEXADECIMAL_ID && isHexadecimal(ref))) {
    resolveRef();
    claimCommit();
  }
  fail(EXIT_NO_SUCH_REF, 'the server does not have the commit', id, HEXADECIMAL_ID);
}

function isHexadecimal(text: usize): bool {
  for (let i = 0; i < HEXADECIMAL_ID; i++) if (hexadecimalDigit(load<u8>(text + i)) < 0) return false;
  return true;
}
