/** What was kept of a piece of content, and the next piece, as one; not copied where nothing was kept. */
export function joined(held: Buffer, piece: Uint8Array): Buffer {
  if (held.length > 0) return Buffer.concat([held, piece]);
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
