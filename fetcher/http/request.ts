import { openResponse } from '../stream/response.ts';
import { indexOf } from '../text/bytes.ts';
import { append, appendBase, appendByte, lengthSince, mark } from '../text/text.ts';
import { argument, textLength } from '../host/environment.ts';

/** A request without a body: its address is appended after the beginning, then further lines of its head. */
let head: usize = 0;
let address: usize = 0;

export function beginRequest(method: string): void {
  head = mark();
  append(method);
  address = mark();
}

/** Begins to ask for what lies below the address of a registry, the second argument. */
export function beginGetBelow(): void {
  beginRequest('GET ');
  appendBase(argument(2), textLength(argument(2)));
  appendByte(0x2f);
}

/** Sends the request and answers the status. */
export function sendRequest(): i32 {
  return openResponse(head, mark(), address, indexOf(address, lengthSince(address), 0x0a));
}
