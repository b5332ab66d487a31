import {
  request_open,
  response_close,
  response_header,
  response_read,
  response_status,
} from '../host/cab.ts';
import { EXIT_NETWORK, EXIT_STATUS, fail } from '../host/failure.ts';
import { lengthOf, pointerTo } from '../text/bytes.ts';
import { append, appendByte, lengthSince, rewind } from '../text/text.ts';

/** The one response that is open at a time, and the bytes of its body that were received last. */
const RECEIVE_LIMIT: usize = 65536;
const HEADER_LIMIT: i32 = 2048;
const buffer = memory.data(RECEIVE_LIMIT);
const header = memory.data(HEADER_LIMIT);
/** The address that was asked. */
let address: usize = 0;
let addressLength: i32 = 0;
let response: i32 = -1;
let position: usize = buffer;
let end: usize = buffer;
let tolerant: bool = false;
let lost: bool = false;

/** Sends what was appended to the text: the head from `head` on, the body from `body` on. Answers the status. */
export function openResponse(head: usize, body: usize, url: usize, urlLength: i32): i32 {
  address = url;
  addressLength = urlLength;
  closeResponse();
  position = end = buffer;
  lost = false;
  response = request_open(head, <i32>(body - head), body, lengthSince(body));
  rewind(head);
  if (response < 0) fail(EXIT_NETWORK, reasonOf(response), url, urlLength, response);
  return response_status(response);
}

export const STATUS_OK: i32 = 200;

export function requireOk(status: i32): void {
  if (status != STATUS_OK) {
    fail(EXIT_STATUS, 'the server answers with a status other than 200:', address, addressLength, status);
  }
}

export function closeResponse(): void {
  if (response >= 0) response_close(response);
  response = -1;
}

/** While this is set, a lost connection reads as the end of the body. */
export function tolerateLoss(tolerated: bool): void {
  tolerant = tolerated;
}

function reasonOf(error: i32): string {
  if (error == -1) return 'the server cannot be reached:';
  if (error == -2) return 'the certificate was not accepted:';
  if (error == -3) return 'the realizer does not allow the request:';
  if (error == -5) return 'there was no answer in time:';
  if (error == -6) return 'the connection was lost:';
  if (error == -7) return 'there were too many redirects:';
  return 'the request failed:';
}

/** Waits for more of the body, in place of what was received before; false at the end. */
export function receive(): bool {
  position = end = buffer;
  if (lost) return false;
  const length = response_read(response, buffer, <i32>RECEIVE_LIMIT);
  if (length < 0 && !tolerant) fail(EXIT_NETWORK, reasonOf(length), 0, 0, length);
  if (length <= 0) {
    lost = true;
    return false;
  }
  end = buffer + min(<usize>length, RECEIVE_LIMIT);
  return true;
}

/** What was received and not yet taken. */
export function received(): usize {
  return position;
}

export function receivedLength(): i32 {
  return <i32>(end - position);
}

export function take(length: i32): void {
  position += length;
}

/** Reads a response header into a buffer of its own; answers its length, or -1 if there is none of a fair length. */
export function readHeader(name: string): i32 {
  const length = response_header(response, pointerTo(name), lengthOf(name), header, HEADER_LIMIT);
  return length <= HEADER_LIMIT ? length : -1;
}

export function headerValue(): usize {
  return header;
}

/** Appends one line of a request's head. */
export function appendHeader(line: string): void {
  appendByte(0x0a);
  append(line);
}
