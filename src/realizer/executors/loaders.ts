import type { Store } from '../../store/index.ts';
import type { RealizerConfiguration } from '../configuration.ts';
import type { Executor } from './executor.ts';

/** Brings an executor when it is first needed: a run in which nothing is built loads none that it does not ask. */
export type ExecutorLoader = () => Promise<Executor>;

/** The executors of a realizer on this machine, in the order in which they are preferred. */
export function executorLoaders(
  store: Store,
  configuration: RealizerConfiguration,
): readonly ExecutorLoader[] {
  return [
    async () => (await import('./wasm/executor.ts')).createWasmExecutor(store, configuration),
    async () =>
      (await import('./linux-sandbox/executor.ts')).createLinuxSandboxExecutor(store, configuration),
  ];
}
