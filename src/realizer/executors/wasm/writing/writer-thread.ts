import { Worker } from 'node:worker_threads';
import type { WriterSettings } from '../messages.ts';
import { workerLocation } from '../worker-location.ts';

/**
 * The thread that writes the batches of all workers, as its owner sees it. It is started for the first batch, and does not hold
 * the process: whoever waits for a batch that it has not taken writes it himself, so nothing is lost where it cannot even
 * start.
 */
export class WriterThread {
  readonly #storeFolder: string;
  readonly #stopFlag = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;

  constructor(storeFolder: string) {
    this.#storeFolder = storeFolder;
  }

  write(batch: SharedArrayBuffer): void {
    this.#worker ??= this.#start();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(batch);
  }

  /** Ends the thread behind the batch that it is at work on, so that no file stays half-written. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    Atomics.store(this.#stopFlag, 0, 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    worker.once('exit', () => resolve());
    worker.ref();
    this.write(new SharedArrayBuffer(0));
    await promise;
  }

  #start(): Worker {
    const workerData: WriterSettings = {
      role: 'writer',
      storeFolder: this.#storeFolder,
      stopFlag: this.#stopFlag.buffer,
    };
    const worker = new Worker(workerLocation(), { workerData, name: 'cab writer' });
    worker.unref();
    worker.on('error', () => undefined);
    return worker;
  }
}
