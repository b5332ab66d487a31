import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { unreachable } from '../../../foundation/index.ts';
import type { ServerEvent } from './server-event.ts';

/** What is looked at when somebody asks, and not told by events: of the realizer … */
export interface RealizerState {
  readonly queued: number;
  readonly running: number;
  readonly capacity: number;
  /** As far as it was counted. */
  readonly storeBytes: number;
  /** 0 where there is none. */
  readonly storeLimitBytes: number;
}

/** … and of its connections. */
export interface TrafficState {
  /** Of all connections, those that are open included. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Open now, and all that there have been. */
  readonly connections: number;
  readonly connectionsTotal: number;
}

export interface Measured {
  /** `Service/Method` of all that is served: other names, which clients can make up at will, are counted as one. */
  readonly methods: readonly string[];
  readonly state: () => RealizerState & TrafficState;
}

/** From a cache hit to a build of half an hour, in seconds. */
const callBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 1800];
const actionBuckets = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200];

/** A server's metrics in the text format of Prometheus. No label has values that clients choose. */
export class Metrics {
  readonly #registry = new Registry();
  #methods: ReadonlySet<string> = new Set();
  #state: Measured['state'] | undefined;
  readonly #calls = this.#counter('calls_total', 'Calls that have ended.', ['method', 'status']);
  readonly #callSeconds = this.#histogram('call_seconds', 'How long calls took.', callBuckets, ['method']);
  readonly #strangers = this.#counter('strangers_total', 'Calls of those who did not show who they are.');
  readonly #noRoom = this.#counter('no_room_total', 'Content that was refused, since the store was full.');
  readonly #actions = this.#counter('actions_total', 'Actions that have ended.', ['outcome', 'executor']);
  readonly #actionSeconds = this.#histogram('action_seconds', 'How long actions ran.', actionBuckets, [
    'executor',
  ]);
  readonly #waitSeconds = this.#histogram('action_wait_seconds', 'How long actions waited.', actionBuckets);
  readonly #claims = this.#counter('claims_ended_early_total', 'Programs that were ended by a claim.');
  readonly #assets = this.#counter('assets_total', 'Assets that were fetched.', ['how']);
  readonly #collections = this.#counter('collections_total', 'Collections of the store.');
  readonly #collectedBytes = this.#counter('collected_bytes_total', 'What collections have removed.');
  readonly #faults = this.#counter('faults_total', "Mistakes of the server's own.");
  readonly #connections = this.#gauge('connections', 'Connections that are open.');
  readonly #connected = this.#counter('connections_total', 'Connections that were opened.');
  readonly #received = this.#counter('received_bytes_total', 'Bytes that connections have brought.');
  readonly #sent = this.#counter('sent_bytes_total', 'Bytes that connections have taken away.');
  readonly #queued = this.#gauge('actions_queued', 'Actions that wait.');
  readonly #running = this.#gauge('actions_running', 'Actions that run.');
  readonly #capacity = this.#gauge('actions_capacity', 'How many actions run at once.');
  readonly #storeBytes = this.#gauge('store_bytes', 'The size of the store, as far as it was counted.');
  readonly #storeLimit = this.#gauge(
    'store_limit_bytes',
    'What the store is kept below; 0 where it may grow.',
  );

  /** `version` is that of Cab. */
  constructor(version: string) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('info', 'The version of Cab, as a label.', ['version']).set({ version }, 1);
  }

  /** Says what there is to look at, once it is there. */
  measure({ methods, state }: Measured): void {
    this.#methods = new Set(methods);
    this.#state = state;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observe(event: ServerEvent): void {
    switch (event.type) {
      case 'call-ended': {
        const method = this.#methods.has(event.rpc) ? event.rpc : 'other';
        this.#calls.inc({ method, status: event.status });
        this.#callSeconds.observe({ method }, event.durationMs / 1000);
        break;
      }
      case 'action-started':
        this.#waitSeconds.observe(event.waitedMs / 1000);
        break;
      case 'action-ended':
        this.#actions.inc({ outcome: event.outcome, executor: event.executor });
        this.#actionSeconds.observe({ executor: event.executor }, event.durationMs / 1000);
        break;
      case 'claim-known':
        this.#claims.inc();
        break;
      case 'asset-fetched':
        this.#assets.inc({ how: event.how });
        break;
      case 'collected':
        this.#collections.inc();
        this.#collectedBytes.inc(event.bytes);
        break;
      case 'no-room':
        this.#noRoom.inc();
        break;
      case 'noted':
        if (event.record.event === 'client-refused') this.#strangers.inc();
        break;
      case 'fault':
        this.#faults.inc();
        break;
      case 'listening':
      case 'action-queued':
      case 'clients-reloaded':
      case 'reload-failed':
      case 'draining':
      case 'drained':
      case 'closed':
      case 'warning':
        // These are for the log only.
        break;
      default:
        unreachable(event);
    }
  }

  async text(): Promise<string> {
    if (this.#state !== undefined) this.#setState(this.#state());
    return await this.#registry.metrics();
  }

  #setState(state: RealizerState & TrafficState): void {
    this.#queued.set(state.queued);
    this.#running.set(state.running);
    this.#capacity.set(state.capacity);
    this.#storeBytes.set(state.storeBytes);
    this.#storeLimit.set(state.storeLimitBytes);
    this.#connections.set(state.connections);
    setCounter(this.#connected, state.connectionsTotal);
    setCounter(this.#received, state.receivedBytes);
    setCounter(this.#sent, state.sentBytes);
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ ...this.#named(name, help), labelNames });
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ ...this.#named(name, help), labelNames });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ ...this.#named(name, help), buckets, labelNames });
  }

  #named(name: string, help: string): { name: string; help: string; registers: Registry[] } {
    return { name: `cab_realizer_${name}`, help, registers: [this.#registry] };
  }
}

/** Of what is counted elsewhere. */
function setCounter(counter: Counter, value: number): void {
  counter.reset();
  counter.inc(value);
}
