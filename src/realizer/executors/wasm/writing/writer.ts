import { parentPort } from 'node:worker_threads';
import { Blobs } from '../../../../store/index.ts';
import type { WriterSettings } from '../messages.ts';
import { Batch } from './batch.ts';

/** What the writer's thread does: writes the batches that are sent to it, until it is to stop. */
export function writeBatches({ storeFolder, stopFlag }: WriterSettings): void {
  const blobs = new Blobs(storeFolder);
  const stop = new Int32Array(stopFlag);
  parentPort?.on('message', (memory: SharedArrayBuffer) => {
    if (Atomics.load(stop, 0) !== 0) parentPort?.close();
    else writeBatch(new Batch(memory), blobs);
  });
}

function writeBatch(batch: Batch, blobs: Blobs): void {
  try {
    batch.writeQueued(blobs);
  } catch {
    // Whoever filled the batch tries it again, and meets the error where it belongs.
  }
}
