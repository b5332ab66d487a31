/** The entry of the store's helper thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { Blobs } from '../blobs.ts';
import { doBatch } from '../batch-work.ts';
import { Batch } from './batch.ts';
import type { HelperRequest, HelperSettings } from './messages.ts';
import { Pipe } from './pipe.ts';

const { storeFolder } = workerData as HelperSettings;
const blobs = new Blobs(storeFolder);

parentPort?.on('message', (request: HelperRequest) => {
  try {
    work(request);
  } catch {
    // Whoever has sent the request tries it again, and meets the error where it belongs.
  }
});

function work(request: HelperRequest): void {
  if (request.type === 'pipe') new Pipe(undefined, request.memory).writeAll(request.descriptor);
  else new Batch(request.memory).workIfQueued((batch) => doBatch(request, batch, blobs));
}
