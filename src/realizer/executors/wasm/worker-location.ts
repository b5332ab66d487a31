/**
 * Where the worker's entry lies: beside this file in development; in the bundle beside the command, whatever
 * chunk this file has become part of.
 */
export function workerLocation(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./worker.ts', import.meta.url);
  const isChunk = new URL('.', import.meta.url).pathname.endsWith('/chunks/');
  return new URL(isChunk ? '../wasm-worker.js' : './wasm-worker.js', import.meta.url);
}
