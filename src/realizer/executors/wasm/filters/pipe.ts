import { hostLimits } from '../limits.ts';

/** Bytes on their way from one program to another: a ring of fixed size, made for the first of them. */
export class Pipe {
  #ring: Uint8Array | undefined;
  #start = 0;
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Takes as much of a piece as there is room for, and answers how much that is. */
  write(piece: Uint8Array): number {
    const ring = (this.#ring ??= new Uint8Array(hostLimits.filterPipe));
    const taken = Math.min(piece.length, ring.length - this.#length);
    const at = (this.#start + this.#length) % ring.length;
    const first = Math.min(taken, ring.length - at);
    ring.set(piece.subarray(0, first), at);
    ring.set(piece.subarray(first, taken), 0);
    this.#length += taken;
    return taken;
  }

  /** Gives what there is, as far as the target holds it, and answers how much that is. */
  read(target: Uint8Array): number {
    const ring = this.#ring;
    if (ring === undefined) return 0;
    const given = Math.min(target.length, this.#length);
    const first = Math.min(given, ring.length - this.#start);
    target.set(ring.subarray(this.#start, this.#start + first), 0);
    target.set(ring.subarray(0, given - first), first);
    this.#length -= given;
    this.#start = this.#length === 0 ? 0 : (this.#start + given) % ring.length;
    return given;
  }

  /** Drops what nobody will read any more. */
  close(): void {
    this.#ring = undefined;
    this.#length = 0;
  }
}
