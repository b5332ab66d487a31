import { Worker } from 'node:worker_threads';
import type { HelperRequest, HelperSettings } from './messages.ts';

/**
 * A second thread for work on many files, as its owner sees it. It is started for the first request, and does not hold the process. All
 * that it is asked for somebody waits for, and does himself what it has not begun: nothing is lost where it is slow, or
 * cannot even start.
 */
export class Helper {
  readonly #settings: HelperSettings;
  #worker: Worker | undefined;

  constructor(storeFolder: string) {
    this.#settings = { storeFolder };
  }

  /** Starts it where it is not there yet, which takes as long as some hundred files. */
  start(): Worker {
    this.#worker ??= startWorker(this.#settings);
    return this.#worker;
  }

  send(request: HelperRequest): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.start().postMessage(request);
  }

  /** Ends it; it is at work on nothing, since whoever has sent a request has waited for its end. */
  close(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function startWorker(workerData: HelperSettings): Worker {
  const worker = new Worker(workerLocation(), { workerData, name: 'cab store', trackUnmanagedFds: false });
  worker.unref();
  worker.on('error', () => undefined);
  return worker;
}

/** Where its entry lies: beside this file in development, and in the bundle beside the command. */
function workerLocation(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? './worker.ts' : './store-worker.cjs', import.meta.url);
}
