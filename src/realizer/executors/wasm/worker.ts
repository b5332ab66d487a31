/** The entry of a worker thread: one in which programs run, or the one that writes what they leave behind them. */
import { workerData } from 'node:worker_threads';
import type { WorkerSettings } from './messages.ts';
import { runPrograms } from './program-runner.ts';
import { writeBatches } from './writing/writer.ts';

const settings = workerData as WorkerSettings;
if (settings.role === 'programs') runPrograms(settings);
else writeBatches(settings);
