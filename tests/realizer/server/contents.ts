import { type Digest, type Sha256, digestOf, sha256Of } from '../../../src/foundation/index.ts';
import type { ContentDigest } from '../../../src/realizer/protocol/index.ts';

export const functions = ['blake3', 'sha256'] as const;

/** The digest of some content by one of the functions. */
export function digestBy(name: ContentDigest['function'], content: Uint8Array): ContentDigest {
  return name === 'blake3'
    ? { function: name, hash: digestOf(content), size: content.length }
    : { function: name, hash: sha256Of(content), size: content.length };
}

/** The digest with another size than it has. */
export function withSize(digest: ContentDigest, size: number): ContentDigest {
  return { ...digest, size };
}

/** A digest that nothing has. */
export function absent(name: ContentDigest['function'], number = 0): ContentDigest {
  const hash = number.toString(16).padStart(64, 'f');
  return name === 'blake3'
    ? { function: name, hash: hash as Digest, size: 7 }
    : { function: name, hash: hash as Sha256, size: 7 };
}
