import { errno } from '../files/errno.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';
import { buffersOf } from '../system/index.ts';
import { Pipe } from './pipe.ts';

/** Moves bytes, and answers how many; undefined where that has to wait. */
type Attempt = () => number | undefined;

/**
 * What a filter reads and writes, and who waits for whom. Its reader is the program that opened it, and neither goes on but
 * where the other waits.
 */
export class Streams {
  readonly #input = new Pipe();
  readonly #output = new Pipe();
  #inputEnded = false;
  #waitsForInput = false;
  /** Lets the filter go on where it waits. */
  #resume: (() => void) | undefined;
  /** Lets its reader go on. */
  #wakeReader: (() => void) | undefined;

  // The reader's side.

  /** Takes as much of the input as there is room for, and answers how much that is. */
  write(piece: Uint8Array): number {
    const taken = this.#input.write(piece);
    if (taken > 0) this.#feed();
    return taken;
  }

  endInput(): void {
    this.#inputEnded = true;
    this.#feed();
  }

  /** What the filter has written, as far as the target holds it; 0 where there is nothing. */
  read(target: Uint8Array): number {
    const length = this.#output.read(target);
    if (length > 0) this.#resume?.();
    return length;
  }

  get waitsForInput(): boolean {
    return this.#waitsForInput;
  }

  /** Whether all that there will ever be has been taken by the filter. */
  get isInputUsedUp(): boolean {
    return this.#inputEnded && this.#input.isEmpty;
  }

  /** Settles when the filter has come further. */
  progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }

  /** The filter has ended: what it has written can still be read. */
  end(): void {
    this.#input.close();
    this.#wakeReader?.();
  }

  close(): void {
    this.#input.close();
    this.#output.close();
  }

  // The filter's side.

  /** `fd_read` and `fd_write`, which wait where they are of the two pipes. */
  functions(context: ProgramContext, system: HostFunctions): HostFunctions {
    const transfer = (
      pointer: number,
      count: number,
      answer: number,
      use: (buffers: readonly Uint8Array[]) => number | undefined,
    ): number | Promise<number> => {
      context.memory().bytes(answer, 4);
      if (buffersOf(context.memory(), pointer, count) === undefined) return errno.invalid;
      // The memory may have grown, and so moved, while the filter waited.
      const attempt = () => use(buffersOf(context.memory(), pointer, count) ?? []);
      const finish = (length: number): number => {
        context.memory().setUint32(answer, length);
        return errno.success;
      };
      const length = attempt();
      return length === undefined ? this.#untilDone(attempt).then(finish) : finish(length);
    };

    return {
      fd_read: (number: number, pointer: number, count: number, answer: number) =>
        context.descriptors.get(number)?.kind === 'input'
          ? transfer(pointer, count, answer, (buffers) => this.#readInput(buffers))
          : (system['fd_read']?.(number, pointer, count, answer) ?? errno.notSupported),
      fd_write: (number: number, pointer: number, count: number, answer: number) =>
        context.descriptors.get(number)?.kind === 'output'
          ? transfer(pointer, count, answer, (buffers) => this.#writeOutput(buffers))
          : (system['fd_write']?.(number, pointer, count, answer) ?? errno.notSupported),
    };
  }

  async #untilDone(attempt: Attempt): Promise<number> {
    while (true) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        this.#wakeReader?.();
      });
      const length = attempt();
      if (length !== undefined) return length;
    }
  }

  #readInput(targets: readonly Uint8Array[]): number | undefined {
    if (this.#input.isEmpty && !this.#inputEnded) {
      this.#waitsForInput = true;
      return undefined;
    }
    return targets.reduce((sum, target) => sum + this.#input.read(target), 0);
  }

  #writeOutput(pieces: readonly Uint8Array[]): number | undefined {
    const written = pieces.reduce((sum, piece) => sum + this.#output.write(piece), 0);
    return written === 0 && pieces.some(({ length }) => length > 0) ? undefined : written;
  }

  #feed(): void {
    this.#waitsForInput = false;
    this.#resume?.();
  }
}
