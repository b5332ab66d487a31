import type { DescService } from '@bufbuild/protobuf';
import type { Store } from '../../store/index.ts';
import type { EmbeddedRealizer, Load } from '../index.ts';
import {
  ActionCache,
  ByteStream,
  Capabilities,
  ContentAddressableStorage,
  Execution,
  Fetch,
  Health,
  Operations,
  Push,
  Realizer,
} from '../protocol/index.ts';
import { AssetFetcher } from './assets/asset-fetcher.ts';
import { AssetWorks } from './assets/asset-works.ts';
import { PushedAssets } from './assets/pushed-assets.ts';
import { ExecutionServer, usualExecutionLimits, usualForeignLimits } from './execution/index.ts';
import { clientOf } from './access/client-context.ts';
import { contentServices } from './content/content-services.ts';
import type { Lifecycle } from './operations/lifecycle.ts';
import type { RealizerState } from './operations/metrics.ts';
import type { Observe } from './operations/server-event.ts';
import { KeptContent } from './keeping/kept-content.ts';
import type { StoreKeeper } from './keeping/store-keeper.ts';
import { programsIn } from './programs.ts';
import type { RealizerServerOptions } from './realizer-server.ts';
import type { Quotas } from './quotas/index.ts';
import { capabilities } from './services/capabilities.ts';
import { fetchService } from './services/fetch.ts';
import { healthService } from './services/health.ts';
import { pushService } from './services/push.ts';
import { addOutputs } from './services/realizer/add-outputs.ts';
import { findOutputs } from './services/realizer/find-outputs.ts';
import { getStatusHandler } from './services/realizer/get-status.ts';
import { issueTicket } from './services/realizer/issue-ticket.ts';
import { pullOutputs } from './services/realizer/pull-outputs.ts';
import { lookUp } from './services/realizer/look-up.ts';
import { StoreContent } from './content/store-content.ts';
import type { Tickets } from './access/tickets.ts';
import type { Routes } from './transport/connect-calls.ts';
import type { RawHandler } from './transport/raw-call.ts';

export interface AssemblyOptions extends RealizerServerOptions {
  readonly store: Store;
  readonly realizer: EmbeddedRealizer;
  readonly lifecycle: Lifecycle;
  readonly tickets: Tickets;
  readonly keeper: StoreKeeper;
  readonly quotas: Quotas;
  readonly observe: Observe;
}

/** All services over one store, and what has to be done with them as the server goes on and ends. */
export interface ServedParts {
  readonly routes: readonly Routes[];
  readonly raw: ReadonlyMap<string, RawHandler>;
  /** Of all that is served, such as `Fetch/FetchBlob`. */
  readonly methods: readonly string[];
  /** How many actions and downloads go on. */
  running(): number;
  /** Settles when none goes on. New ones are refused. */
  drain(): Promise<void>;
  /** Ends those that go on. */
  stop(): Promise<void>;
  close(): Promise<void>;
  /** For the metrics. */
  state(): RealizerState;
}

const services: readonly DescService[] = [
  ActionCache,
  ByteStream,
  Capabilities,
  ContentAddressableStorage,
  Execution,
  Fetch,
  Health,
  Operations,
  Push,
  Realizer,
];

export function assemble(options: AssemblyOptions): ServedParts {
  const { configuration, store, realizer, lifecycle, tickets, quotas, keeper, observe } = options;
  const content = new KeptContent(new StoreContent(store), keeper);
  const execution = new ExecutionServer({
    store,
    content,
    realizer,
    configuration: configuration.realizer,
    limits: { ...usualExecutionLimits, actions: configuration.limits.queue },
    quotas,
    foreignLimits: usualForeignLimits,
    platform: configuration.platform,
    worker: options.version,
    observe,
    keeper,
  });
  const named = { open: (name: string) => execution.streams.follow(name) };
  const contents = contentServices({ store: content, named, quotas });
  const pushed = new PushedAssets(store.actionResults);
  const works = new AssetWorks({
    realizer,
    observe,
    keeper,
    quotas,
    queue: execution.fetching,
    sizeOf: (path) => store.get(path)?.size ?? 0,
  });
  const programPath = programsIn(store, options.programsFolder);
  const fetcher = new AssetFetcher({
    store,
    content,
    pushed,
    programPath,
    realize: (work, context) => works.realize(work, context),
    now: Date.now,
  });
  const limitBytes = configuration.store.limitBytes ?? 0;
  const load = (): Load => execution.load();
  const getStatus = getStatusHandler({
    version: options.version,
    features: () => realizer.features(),
    remedies: () => realizer.remedies(),
    load,
    storeSize: () => ({ bytes: keeper.storeBytes, limitBytes }),
    publicAddress: configuration.publicAddress,
    lifecycle,
    startedMs: Date.now(),
  });
  const names = new Set(services.map(({ typeName }) => typeName));
  const routes: readonly Routes[] = [
    capabilities({ limits: contents.limits, takesActionResults: true }),
    ...contents.routes,
    (router) =>
      router.service(Realizer, {
        getStatus,
        lookUp: lookUp(realizer, store),
        findOutputs: (request) => findOutputs(request, { store }),
        addOutputs: (request, { signal }) => addOutputs(request, { store, keeper, signal }),
        issueTicket: (_request, context) => issueTicket(clientOf(context), { tickets }),
        pullOutputs: (request, { signal }) =>
          pullOutputs(request, {
            store,
            keeper,
            signal,
            version: options.version,
            allowed: configuration.peers,
            certificateAuthorities: configuration.realizer.certificateAuthorities,
          }),
      }),
    (router) =>
      router.service(
        Health,
        healthService(lifecycle, () => names),
      ),
    (router) => router.service(Fetch, fetchService({ fetcher, observe })),
    (router) => router.service(Push, pushService({ pushed, content, now: Date.now })),
  ];
  return {
    routes,
    raw: new Map([...contents.raw, ...execution.methods]),
    methods: services.flatMap(({ name, methods }) => methods.map((method) => `${name}/${method.name}`)),
    running: () => works.size + execution.executions.size,
    async drain() {
      await Promise.all([works.drain(), execution.drain()]);
    },
    async stop() {
      await Promise.all([works.stop(), execution.close()]);
    },
    async close() {
      contents.close();
      await realizer.close();
    },
    state: () => ({ ...load(), storeBytes: keeper.storeBytes, storeLimitBytes: limitBytes }),
  };
}
