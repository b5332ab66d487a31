import { type Digest, DigestHasher } from '../../foundation/index.ts';
import { cutOff } from './faults.ts';

const none = new Uint8Array(0);

/** Reads a stream of bytes in parts of known lengths, hashes all that it has read, and knows where it is. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #hasher = new DigestHasher();
  #chunk: Uint8Array = none;
  #at = 0;
  /** How far the chunk is hashed. */
  #hashed = 0;
  #before = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes have been read. */
  get offset(): number {
    return this.#before + this.#at;
  }

  /** The digest of all that has been read; nothing is hashed any more afterwards. */
  digest(): Digest {
    this.#hash();
    return this.#hasher.digest();
  }

  /**
   * The next bytes: as many as asked for, which the caller has bounded. They hold until the next read.
   *
   * @throws DiagnosticError CAB5021 where there are no more.
   */
  async read(length: number): Promise<Uint8Array> {
    if (this.#chunk.length - this.#at >= length) return this.#take(length);
    const parts: Uint8Array[] = [];
    for await (const piece of this.pieces(length)) parts.push(piece);
    return Buffer.concat(parts);
  }

  /** The next bytes piece by piece, however many they are. @throws DiagnosticError CAB5021 where there are no more. */
  async *pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let rest = length; rest > 0;) {
      if (await this.isAtEnd()) throw cutOff(this.offset);
      const piece = this.#take(Math.min(rest, this.#chunk.length - this.#at));
      rest -= piece.length;
      yield piece;
    }
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return true;
      this.#hash();
      this.#before += this.#chunk.length;
      this.#chunk = value;
      this.#at = 0;
      this.#hashed = 0;
    }
    return false;
  }

  /** Tells whoever gives the bytes that no more are wanted. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(length: number): Uint8Array {
    const start = this.#at;
    this.#at += length;
    return this.#chunk.subarray(start, this.#at);
  }

  #hash(): void {
    this.#hasher.update(this.#chunk.subarray(this.#hashed, this.#at));
    this.#hashed = this.#at;
  }
}
