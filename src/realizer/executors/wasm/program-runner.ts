import { parentPort } from 'node:worker_threads';
import { Blobs, Store } from '../../../store/index.ts';
import { Instance } from './instance.ts';
import type { FromWorker, ProgramDescription, ThreadSettings, ToWorker } from './messages.ts';
import { ModuleCache } from './module.ts';
import type { Client } from './network/client.ts';
import type { Failure } from './network/failure.ts';
import type { Network } from './network/network.ts';
import { BatchPool } from './writing/batch-pool.ts';

/** What a worker thread does in which programs run. */
export function runPrograms(settings: ThreadSettings): void {
  const blobs = new Blobs(settings.storeFolder);
  const modules = new ModuleCache(blobs);
  const batches = new BatchPool((batch) => send({ type: 'write', batch }));
  const running = new Int32Array(settings.running);
  const instances = new Map<number, Instance>();
  let store: Store | undefined;
  let network: Network | Failure | undefined;

  /** Most programs look into nothing that the store had before: its metadata are opened for the first that does. */
  function openStore(): Store {
    store ??= Store.open(settings.storeFolder);
    return store;
  }

  /** The network's modules are loaded for the first request: a worker starts in half the time without them. */
  async function newClient(
    onWait: (line: string) => void,
    headers: ReadonlyMap<string, string>,
  ): Promise<Client | Failure> {
    const [{ Client: NetworkClient }, { createNetwork }] = await Promise.all([
      import('./network/client.ts'),
      import('./network/network.ts'),
    ]);
    network ??= createNetwork(settings.network, settings.limits);
    return 'detail' in network ? network : new NetworkClient(network, onWait, headers);
  }

  async function run(program: ProgramDescription): Promise<void> {
    const { job } = program;
    const { temporaryFolder, programLimitMs, limits } = settings;
    const instance = new Instance(
      {
        blobs,
        batches,
        modules,
        temporaryFolder,
        programLimitMs,
        limits,
        onRun: () => Atomics.store(running, 0, job),
        readTree: (digest) => openStore().getTree(digest),
        findContent: (module, id) => openStore().findContent(module, id),
        newClient,
        onLog: (lines) => send({ type: 'log', job, lines }),
        onClaim: (line) => send({ type: 'claim', job, line }),
      },
      program,
    );
    instances.set(job, instance);
    const result = await instance.run();
    instances.delete(job);
    send({ type: 'ended', job, result });
  }

  send({ type: 'alive' });
  parentPort?.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'run':
        void run(message.program);
        break;
      case 'continue':
        instances.get(message.job)?.continueAfterClaim();
        break;
      case 'ask':
        send({ type: 'alive' });
        break;
      case 'abandon':
        instances.get(message.job)?.abandon();
        break;
    }
  });
}

function send(message: FromWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
}
