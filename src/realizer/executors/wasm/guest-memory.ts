/** A pointer or length that lies outside of the program's memory. */
export class MemoryFault extends Error {}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The program's memory. Growing it detaches every view, so none is kept by anyone: each access asks for it here. Pointers
 * are 32-bit numbers and may come as negative ones.
 */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  /** The bytes of a range, not copied: they must not be kept over anything that runs the program. */
  bytes(pointer: number, length: number): Uint8Array {
    this.#refresh();
    const start = pointer >>> 0;
    const end = start + (length >>> 0);
    if (end > this.#bytes.length) throw new MemoryFault();
    return this.#bytes.subarray(start, end);
  }

  /** The text of a range, or undefined where it is not UTF-8. */
  text(pointer: number, length: number): string | undefined {
    const bytes = this.bytes(pointer, length);
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  }

  getUint8(pointer: number): number {
    return this.#viewOf(pointer, 1).getUint8(pointer >>> 0);
  }

  getUint16(pointer: number): number {
    return this.#viewOf(pointer, 2).getUint16(pointer >>> 0, true);
  }

  getUint32(pointer: number): number {
    return this.#viewOf(pointer, 4).getUint32(pointer >>> 0, true);
  }

  getUint64(pointer: number): bigint {
    return this.#viewOf(pointer, 8).getBigUint64(pointer >>> 0, true);
  }

  setUint32(pointer: number, value: number): void {
    this.#viewOf(pointer, 4).setUint32(pointer >>> 0, value, true);
  }

  setUint64(pointer: number, value: bigint): void {
    this.#viewOf(pointer, 8).setBigUint64(pointer >>> 0, value, true);
  }

  #viewOf(pointer: number, length: number): DataView {
    this.#refresh();
    if ((pointer >>> 0) + length > this.#bytes.length) throw new MemoryFault();
    return this.#view;
  }

  #refresh(): void {
    if (this.#bytes.buffer === this.#memory.buffer) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }
}
