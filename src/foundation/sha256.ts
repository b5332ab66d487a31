import type * as nodeCrypto from 'node:crypto';

/** The SHA-256 of some bytes as 64 lower-case hexadecimal digits: what others know content by. Made only in this file. */
export type Sha256 = string & { readonly __brand: 'Sha256' };

export function sha256Of(content: Uint8Array): Sha256 {
  return crypto().hash('sha256', content, 'hex') as Sha256;
}

/** The digest that 32 bytes are. */
export function sha256OfBytes(bytes: Uint8Array): Sha256 {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') as Sha256;
}

/** Hashes content that comes piece by piece. */
export class Sha256Hasher {
  readonly #hash: nodeCrypto.Hash = crypto().createHash('sha256');

  update(content: Uint8Array): this {
    this.#hash.update(content);
    return this;
  }

  digest(): Sha256 {
    return this.#hash.digest('hex') as Sha256;
  }
}

/** Loaded only where something is hashed with it. */
function crypto(): typeof nodeCrypto {
  return process.getBuiltinModule('node:crypto');
}
