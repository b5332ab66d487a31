import { type HashPart, hashPartLength, parseHashPart } from '../../foundation/index.ts';

/** 1 for the bytes of base32 characters. */
const isBase32 = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz234567') isBase32[character.charCodeAt(0)] = 1;

/** The last character of a hash part stands for one bit: other ones are no hash part's. */
const isLast = new Uint8Array(256);
for (const character of 'aq') isLast[character.charCodeAt(0)] = 1;

/** How many different hash parts one content may hold until they are too many to be kept. */
const partsLimit = 4096;

/** Everything in a content that may be a hash part, whichever outputs there are. What lies across two pieces is found too. */
export class PartScan {
  readonly #found = new Set<string>();
  #tail = Buffer.alloc(0);

  scan(piece: Uint8Array): void {
    if (this.#found.size > partsLimit) return;
    const overlap = hashPartLength - 1;
    if (this.#tail.length > 0) this.#scanWhole(Buffer.concat([this.#tail, piece.subarray(0, overlap)]));
    this.#scanWhole(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    this.#tail =
      piece.length >= overlap
        ? Buffer.from(piece.subarray(piece.length - overlap))
        : Buffer.from(Buffer.concat([this.#tail, piece]).subarray(-overlap));
  }

  /** Undefined where they are too many. */
  parts(): readonly HashPart[] | undefined {
    if (this.#found.size > partsLimit) return undefined;
    return [...this.#found].flatMap((text) => parseHashPart(text) ?? []);
  }

  #scanWhole(content: Buffer): void {
    const last = content.length - hashPartLength;
    let start = 0;
    while (start <= last) {
      let position = start + hashPartLength - 1;
      while (position >= start && isBase32[content[position] as number] === 1) position--;
      if (position >= start) {
        start = position + 1;
        continue;
      }
      // Within a run longer than a hash part, each further step needs a look at one new character only.
      do this.#look(content, start++);
      while (start <= last && isBase32[content[start + hashPartLength - 1] as number] === 1);
      start += hashPartLength;
    }
  }

  #look(content: Buffer, start: number): void {
    if (isLast[content[start + hashPartLength - 1] as number] !== 1 || this.#found.size > partsLimit) return;
    this.#found.add(content.toString('latin1', start, start + hashPartLength));
  }
}
