/** Where the worker's entry lies: beside this file in development, and in the bundle beside the command. */
export function workerLocation(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? './worker.ts' : './wasm-worker.cjs', import.meta.url);
}
