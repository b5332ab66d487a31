import { Worker } from 'node:worker_threads';

/** How often it is looked whether the process at the terminal is still there. */
const intervalMs = 1000;

/**
 * Ends this process when the one that started it is gone, however it went. Evaluation that is at work does not hear of that, and
 * would go on for nobody; a thread of its own does.
 */
export function endWithParent(): void {
  const watch = `
    const parent = ${process.ppid};
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, ${intervalMs});
  `;
  new Worker(watch, {
    eval: true,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  }).unref();
}
