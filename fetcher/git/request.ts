import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { STATUS_OK, appendHeader, openResponse, requireOk, tolerateLoss } from '../stream/response.ts';
import { contains, equalsText, startsWith } from '../text/bytes.ts';
import { append, appendBase, appendHexadecimal, mark } from '../text/text.ts';
import { idLength, usesSha256 } from './ids.ts';
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

/** Requests of git's smart HTTP protocol, version 2 (gitprotocol-v2). */
/** What a fetch is answered with. */
export const GIVEN: i32 = 0;
/** The server does not know an object that was asked for. */
export const ABSENT: i32 = 1;
/** It does not know this filter, but others. */
export const OTHER_FILTER: i32 = 2;
/** It cannot give this. */
const REFUSED: i32 = 3;

let url: usize = 0;
let urlLength: i32 = 0;
let head: usize = 0;
let body: usize = 0;

/** Says which repository is asked. */
export function aimRequests(address: usize, length: i32): void {
  url = address;
  urlLength = length;
}

/** Begins a request; what its command is told is appended until it is sent. */
export function beginRequest(command: string): void {
  head = mark();
  append('POST ');
  appendBase(url, urlLength);
  append('/git-upload-pack');
  appendHeader('git-protocol: version=2');
  // Forges tell git from a browser by this alone, where the address does not end in `.git`.
  appendHeader('user-agent: git/cab');
  appendHeader('content-type: application/x-git-upload-pack-request');
  appendHeader('accept: application/x-git-upload-pack-result');
  body = mark();
  appendPacket(command);
  if (usesSha256()) appendPacket('object-format=sha256');
  append('0001');
}

/** Sends the request and answers whether the status is as it should be. */
function send(): i32 {
  append('0000');
  beginPackets();
  return openResponse(head, body, url, urlLength);
}

/** Sends a request that must be answered. */
export function sendRequest(): void {
  requireOk(send());
}

/** Appends a line that ends with an id. */
export function appendWant(id: usize): void {
  const start = beginPacket();
  append('want ');
  appendHexadecimal(id, idLength());
  append('\n');
  endPacket(start);
}

function endFetch(): void {
  appendPacket('no-progress');
  appendPacket('ofs-delta');
  appendPacket('done');
}

/** Sends a fetch, and answers whether a pack follows, or why not. */
export function sendFetch(): i32 {
  endFetch();
  // A server that is surprised by a request ends its answer without a word.
  tolerateLoss(true);
  const status = send();
  const answer = status == STATUS_OK ? findPackSection() : REFUSED;
  tolerateLoss(false);
  return answer;
}

/** Sends a fetch that nothing but the lack of an object may refuse; answers whether a pack follows. */
export function sendPlainFetch(): bool {
  endFetch();
  sendRequest();
  const answer = findPackSection();
  if (answer == GIVEN || answer == ABSENT) return answer == GIVEN;
  if (startsWith(lineText(), lineLength, 'ERR ')) refuseError(lineLength);
  fail(EXIT_CORRUPT, 'the server sends no pack');
  return false;
}

let lineLength: i32 = 0;

/** Reads the sections before the pack; they tell what is shallow, which is known. */
function findPackSection(): i32 {
  lineLength = 0;
  while (true) {
    const kind = nextPacket();
    if (kind == PACKET_NONE || kind == PACKET_FLUSH) return REFUSED;
    if (kind != PACKET_DATA) continue;
    lineLength = max(0, readLine());
    if (equalsText(lineText(), lineLength, 'packfile')) return GIVEN;
    if (!startsWith(lineText(), lineLength, 'ERR ')) continue;
    if (contains(lineText(), lineLength, 'not our ref')) return ABSENT;
    return contains(lineText(), lineLength, 'filter') ? OTHER_FILTER : REFUSED;
  }
}
