import { fourDigits, startsWith } from '../text/bytes.ts';
import { EXIT_CORRUPT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { receive, received, receivedLength, take } from '../stream/response.ts';
import { append, appendHexadecimal, lengthSince, mark, rewind } from '../text/text.ts';

/** Git's pkt-lines (gitprotocol-common), which may be cut anywhere by the response's reads. */
export const PACKET_FLUSH: i32 = 0;
export const PACKET_DATA: i32 = 4;
/** The response ended where a packet should begin. */
export const PACKET_NONE: i32 = -1;

const BAND_PACK: u32 = 1;
const BAND_PROGRESS: u32 = 2;

const LINE_LIMIT: i32 = 65536;
const line = memory.data(LINE_LIMIT);
const digits = memory.data(4);
/** Bytes of the current packet that are still to come. */
let remaining: i32 = 0;
let payload: usize = 0;

export function beginPackets(): void {
  remaining = 0;
}

/** Copies the next bytes; false if the response ends before. */
function copyReceived(to: usize, length: i32): bool {
  while (length > 0) {
    if (receivedLength() == 0 && !receive()) return false;
    const piece = min(length, receivedLength());
    memory.copy(to, received(), piece);
    take(piece);
    to += piece;
    length -= piece;
  }
  return true;
}

/** Goes to the next packet and answers its kind; the last one must have been read. */
export function nextPacket(): i32 {
  if (!copyReceived(digits, 4)) return PACKET_NONE;
  const length = fourDigits(digits);
  if (length < 0 || length == 3) fail(EXIT_CORRUPT, 'the answer is not in git packets');
  if (length < 4) return length;
  remaining = length - 4;
  return PACKET_DATA;
}

/** Reads what is left of the packet as a line without its newline; answers its length, -1 if it is cut. */
export function readLine(): i32 {
  let length = remaining;
  remaining = 0;
  if (!copyReceived(line, length)) return -1;
  if (length > 0 && load<u8>(line + length - 1) == 0x0a) length--;
  return length;
}

export function lineText(): usize {
  return line;
}

/** Ends the program if the line is the server's refusal. */
export function refuseError(length: i32): void {
  if (!startsWith(line, length, 'ERR ')) return;
  fail(EXIT_UNSUPPORTED, 'the server refuses:', line + 4, length - 4);
}

/** The next bytes of the pack that lie in the receive buffer, at `packBytes`; 0 at the end. */
export function nextPackBytes(): i32 {
  while (remaining == 0) {
    const kind = nextPacket();
    if (kind == PACKET_FLUSH) return 0;
    if (kind != PACKET_DATA || remaining == 0) fail(EXIT_CORRUPT, 'the pack is truncated');
    if (!copyReceived(digits, 1)) fail(EXIT_CORRUPT, 'the pack is truncated');
    remaining--;
    const band = load<u8>(digits);
    if (band == BAND_PACK) continue;
    const length = readLine();
    if (band != BAND_PROGRESS) fail(EXIT_CORRUPT, 'the server broke off:', line, max(length, 0));
  }
  if (receivedLength() == 0 && !receive()) fail(EXIT_CORRUPT, 'the pack is truncated');
  const length = min(remaining, receivedLength());
  payload = received();
  take(length);
  remaining -= length;
  return length;
}

export function packBytes(): usize {
  return payload;
}

/** Begins a pkt-line in the text; what is appended until `endPacket` is in it. */
export function beginPacket(): usize {
  const start = mark();
  append('0000');
  return start;
}

export function endPacket(start: usize): void {
  const end = mark();
  store<u16>(digits, bswap<u16>(<u16>lengthSince(start)));
  rewind(start);
  appendHexadecimal(digits, 2);
  rewind(end);
}

/** A pkt-line that is known here. */
export function appendPacket(text: string): void {
  const start = beginPacket();
  append(text);
  append('\n');
  endPacket(start);
}
