import type { Digest } from '../../foundation/index.ts';

const firstCapacity = 1 << 12;

/**
 * A rank, at least 1, for each of many blobs; 0 for the others. In the memory of four numbers a blob, since there may be millions:
 * only the first 64 bits of a digest count. Two blobs with the same ones share a rank, the one that was set first.
 */
export class BlobRanks {
  #count = 0;
  #capacity = firstCapacity;
  #keys = new Uint32Array(firstCapacity * 2);
  #ranks = new Int32Array(firstCapacity);

  get(digest: Digest): number {
    const [high, low] = keyOf(digest);
    return this.#ranks[this.#slotOf(high, low)] as number;
  }

  /** Gives a blob a rank if it has none. */
  setFirst(digest: Digest, rank: number): void {
    const [high, low] = keyOf(digest);
    const slot = this.#slotOf(high, low);
    if (this.#ranks[slot] === 0) this.#insert(slot, high, low, rank);
  }

  /** Gives a blob a rank, whatever it had. */
  set(digest: Digest, rank: number): void {
    const [high, low] = keyOf(digest);
    const slot = this.#slotOf(high, low);
    if (this.#ranks[slot] === 0) this.#insert(slot, high, low, rank);
    else this.#ranks[slot] = rank;
  }

  #insert(slot: number, high: number, low: number, rank: number): void {
    this.#keys[slot * 2] = high;
    this.#keys[slot * 2 + 1] = low;
    this.#ranks[slot] = rank;
    this.#count++;
    if (this.#count * 2 > this.#capacity) this.#grow();
  }

  /** Where the key is, or would be: a slot without a rank is free. */
  #slotOf(high: number, low: number): number {
    const mask = this.#capacity - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      if (this.#ranks[slot] === 0) return slot;
      if (this.#keys[slot * 2] === high && this.#keys[slot * 2 + 1] === low) return slot;
    }
  }

  #grow(): void {
    const [keys, ranks] = [this.#keys, this.#ranks];
    this.#capacity *= 2;
    this.#count = 0;
    this.#keys = new Uint32Array(this.#capacity * 2);
    this.#ranks = new Int32Array(this.#capacity);
    for (const [slot, rank] of ranks.entries()) {
      if (rank === 0) continue;
      const [high, low] = [keys[slot * 2] as number, keys[slot * 2 + 1] as number];
      this.#insert(this.#slotOf(high, low), high, low, rank);
    }
  }
}

function keyOf(digest: Digest): [number, number] {
  return [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8, 16), 16)];
}
