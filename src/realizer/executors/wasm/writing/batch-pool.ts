import { hostLimits } from '../limits.ts';
import { Batch } from './batch.ts';

/** The batches of one thread. There is a bounded number of them, which are used again and again. */
export class BatchPool {
  readonly #send: (batch: SharedArrayBuffer) => void;
  readonly #free: Batch[] = [];
  #count = 0;

  /** `send` passes a batch that is queued on to the writer. */
  constructor(send: (batch: SharedArrayBuffer) => void) {
    this.#send = send;
  }

  /** An empty batch; undefined where all are in use. */
  take(): Batch | undefined {
    const index = this.#free.findIndex((batch) => batch.reset());
    if (index >= 0) return this.#free.splice(index, 1)[0];
    if (this.#count === hostLimits.batches) return undefined;
    this.#count++;
    return new Batch();
  }

  queue(batch: Batch): void {
    batch.queue();
    this.#send(batch.memory);
  }

  /** Takes a batch back, with contents that nobody wants any more. */
  release(batch: Batch): void {
    batch.reset();
    this.#free.push(batch);
  }
}
