import { DiagnosticError } from '../../diagnostics/index.ts';
import type { StorePath } from '../../foundation/index.ts';
import type { ExchangedOutput, Lacking, OutputRecord, Store } from '../../store/index.ts';
import type { Moved, RealizeContext, RemoteOutputs } from '../index.ts';
import type { Connection } from './connection.ts';
import type { KnownOutputs } from './known-outputs.ts';
import { outputReceiver } from './output-receiver.ts';
import { pullOutputs } from './pull.ts';
import { remoteSource } from './remote-source.ts';
import type { StatusCache } from './status.ts';
import { type TransferMeans, findOutputs, transferMeans } from './transfer-means.ts';

export interface TransfersOptions {
  readonly connection: Connection;
  readonly store: Store;
  readonly known: KnownOutputs;
  readonly status: StatusCache;
}

const nothing: Moved = { outputs: 0, bytes: 0 };

/** The outputs of a realizer elsewhere, as they come and go. */
export class Transfers implements RemoteOutputs {
  readonly #options: TransfersOptions;

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  async push(paths: readonly StorePath[], { signal }: RealizeContext): Promise<Moved> {
    if (paths.length === 0) return nothing;
    const { store, known } = this.#options;
    const means = this.#means(signal);
    const sent = await store.sendOutputs(paths, outputReceiver(means));
    known.learn(sent);
    return { outputs: sent.length, bytes: means.content.bytes };
  }

  async fetch(paths: readonly StorePath[], { signal }: RealizeContext): Promise<Moved> {
    const { store } = this.#options;
    const there = store.use(paths);
    const wanted = paths.filter((path) => !there.has(path));
    if (wanted.length === 0) return nothing;
    return await fetchOutputs({ connection: this.#options.connection, store, signal }, wanted);
  }

  /** Brings what outputs are made of, and what they refer to; themselves they are not recorded. */
  async fetchUnrecorded(outputs: readonly ExchangedOutput[], context: RealizeContext): Promise<void> {
    const own = new Set(outputs.map(({ path }) => path));
    const references = outputs.flatMap((output) => output.references);
    await this.fetch(
      [...new Set(references)].filter((path) => !own.has(path)),
      context,
    );
    const means = this.#means(context.signal);
    const lacking = await means.store.takeTrees(outputs, remoteSource(means));
    refuseLacking(means, lacking);
  }

  async refetch(path: StorePath, context: RealizeContext): Promise<OutputRecord | undefined> {
    const [found] = await findOutputs(this.#means(context.signal), [path], { closure: false });
    if (found === undefined) return undefined;
    await this.fetchUnrecorded([found], context);
    const { treeSize: _size, root: _root, ...record } = found;
    return record;
  }

  async pullFrom(
    other: RemoteOutputs,
    paths: readonly StorePath[],
    { signal }: RealizeContext,
  ): Promise<Moved | { readonly refusal: string }> {
    if (!(other instanceof Transfers))
      return { refusal: 'only a realizer that is reached by an address can give outputs to another' };
    return await pullOutputs({ from: other.#options, by: this.#options, paths, signal });
  }

  #means(signal: AbortSignal): TransferMeans {
    return transferMeans(this.#options.connection, this.#options.store, signal);
  }
}

/** Brings outputs with all that they refer to into the store of this process. What is there already is not asked for. */
export async function fetchOutputs(
  { connection, store, signal }: Pick<TransferMeans, 'connection' | 'store' | 'signal'>,
  paths: readonly StorePath[],
): Promise<Moved> {
  const means = transferMeans(connection, store, signal);
  const { content } = means;
  const closure = await findOutputs(means, paths, { closure: true });
  const found = new Set(closure.map(({ path }) => path));
  const missing = paths.filter((path) => !found.has(path));
  if (missing.length > 0) throw notThere(means, missing);
  const there = store.use(found);
  refuseLacking(means, await store.takeOutputs(closure, remoteSource(means)));
  return { outputs: closure.length - there.size, bytes: content.bytes };
}

function refuseLacking(means: TransferMeans, { directories, blobs }: Lacking): void {
  const lacking = [...directories, ...blobs].map(({ digest }) => digest);
  if (lacking.length > 0) throw notThere(means, lacking);
}

function notThere({ connection }: TransferMeans, what: readonly string[]): DiagnosticError {
  const { name } = connection.named;
  const count = what.length === 1 ? 'something' : `${what.length} things`;
  return new DiagnosticError({
    code: 'CAB4047',
    severity: 'error',
    message: `the realizer '${name}' does not have ${count} that it is to give`,
    notes: what.slice(0, 20),
    hint: 'it had it before: build again, and it is made anew',
  });
}
