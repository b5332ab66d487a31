/** The size of the pieces in which streams leave the store, in bytes. */
export const pieceSize = 256 << 10;

/** The same bytes in pieces of one size, the last one aside, each with memory of its own. */
export function* inPieces(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let piece = Buffer.allocUnsafeSlow(pieceSize);
  let length = 0;
  for (const part of parts) {
    for (let taken = 0; taken < part.length;) {
      const rest = part.subarray(taken, taken + pieceSize - length);
      piece.set(rest, length);
      taken += rest.length;
      length += rest.length;
      if (length < pieceSize) continue;
      yield piece;
      piece = Buffer.allocUnsafeSlow(pieceSize);
      length = 0;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
}
