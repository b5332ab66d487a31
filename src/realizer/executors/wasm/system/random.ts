import { digestOf } from '../../../../foundation/index.ts';

/** Fills a range with bytes. */
export type RandomSource = (target: Uint8Array) => void;

/** How many bytes of randomness are given at one time. */
const largestRandomPiece = 65_536;

/** The machine's randomness, for programs that speak with servers. */
export function realRandom(target: Uint8Array): void {
  for (let offset = 0; offset < target.length; offset += largestRandomPiece) {
    // The guest's memory is not shared, but its type does not say so.
    crypto.getRandomValues(target.subarray(offset, offset + largestRandomPiece) as Uint8Array<ArrayBuffer>);
  }
}

/** The same bytes in each run for the same seed: randomness would make an ordinary build come out differently each time. */
export function deterministicRandom(seed: string): RandomSource {
  let block = Buffer.alloc(0);
  let count = 0;
  return (target) => {
    for (let filled = 0; filled < target.length;) {
      if (block.length === 0) block = Buffer.from(digestOf(`cab random:${seed}:${count++}`), 'hex');
      const length = Math.min(block.length, target.length - filled);
      target.set(block.subarray(0, length), filled);
      block = block.subarray(length);
      filled += length;
    }
  };
}
