import { EXIT_STATUS, fail } from '../host/failure.ts';
import { openResponse } from '../stream/response.ts';
import { indexOf } from '../text/bytes.ts';
import { append, appendBytes, lengthSince, mark } from '../text/text.ts';
import { textLength } from '../host/environment.ts';

/** A request without a body: its address is appended after the beginning, then further lines of its head. */
export const STATUS_OK: i32 = 200;

let head: usize = 0;
let address: usize = 0;
let addressLength: i32 = 0;

export function beginRequest(method: string): void {
  head = mark();
  append(method);
  address = mark();
}

/** Begins to ask for what lies below the address of a registry. */
export function beginGetBelow(base: usize): void {
  beginRequest('GET ');
  let length = textLength(base);
  while (length > 0 && load<u8>(base + length - 1) == 0x2f) length--;
  appendBytes(base, length);
}

/** Sends the request and answers the status. */
export function sendRequest(): i32 {
  addressLength = indexOf(address, lengthSince(address), 0x0a);
  return openResponse(head, mark(), address, addressLength);
}

export function requireOk(status: i32): void {
  if (status != STATUS_OK) {
    fail(EXIT_STATUS, 'the server answers with a status other than 200:', address, addressLength, status);
  }
}
