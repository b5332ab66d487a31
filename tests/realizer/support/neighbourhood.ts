import {
  type Derivation,
  type DerivationParts,
  type Pins,
  makeDerivation,
  placeholderOf,
} from '../../../src/derivations/index.ts';
import type { Diagnostic } from '../../../src/diagnostics/index.ts';
import { type CabEvent, type StorePath, digestOf, nextTurn } from '../../../src/foundation/index.ts';
import {
  EmbeddedRealizer,
  type Outputs,
  type PinPolicy,
  type Realizer,
  Remaker,
  type RemakerOptions,
  type ScheduleResult,
  Scheduler,
  type Wanted,
} from '../../../src/realizer/index.ts';
import { Store, encodeDirectory } from '../../../src/store/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { Neighbour, type NeighbourOptions } from './neighbour.ts';
import { RecitingExecutor, type RecitingOptions } from './reciting-executor.ts';

/** What is built: its name, what it does, and what it needs. */
export interface Step {
  readonly name: string;
  readonly words?: readonly string[];
  readonly inputs?: readonly Derivation[];
  readonly trees?: readonly StorePath[];
  readonly features?: readonly string[];
  readonly fix?: DerivationParts['fix'];
}

/** One store here with the realizer that works in it, and realizers with stores of their own. */
export class Neighbourhood implements AsyncDisposable {
  readonly store: Store;
  readonly own: RecitingExecutor;
  readonly events: CabEvent[] = [];
  readonly gates = new Map<string, Promise<void>>();
  /** What the lock would hold, by the derivation's name. */
  readonly pins = new Map<string, Pins>();
  /** Whose origins are to be asked again, by name. */
  readonly asked = new Set<string>();
  readonly neighbours = new Map<string, Neighbour>();
  nowMs = 1_700_000_000_000;
  readonly #folder: string;
  readonly #embedded: EmbeddedRealizer;
  readonly #cores: number;
  readonly #abort = new AbortController();

  private constructor(folder: string, options: RecitingOptions & { readonly cores: number }) {
    this.#folder = folder;
    this.#cores = options.cores;
    this.store = Store.open(`${folder}/own`);
    this.own = new RecitingExecutor(this.store, { ...options, gates: this.gates });
    this.#embedded = new EmbeddedRealizer(this.store, [async () => this.own], {
      cores: options.cores,
      features: [],
    });
  }

  static async create(
    features: readonly string[],
    options: { readonly cores?: number; readonly identity?: string } = {},
  ): Promise<Neighbourhood> {
    return new Neighbourhood(await makeTemporaryFolder(), { cores: 2, ...options, features });
  }

  /** Adds a realizer with a store of its own. */
  add(
    name: string,
    features: readonly string[],
    options: Partial<Pick<NeighbourOptions, 'cores' | 'identity'>> = {},
  ): Neighbour {
    const neighbour = new Neighbour({
      name,
      features,
      folder: `${this.#folder}/${name}`,
      home: this.store,
      cores: 2,
      gates: this.gates,
      nowMs: () => this.nowMs,
      ...options,
    });
    this.neighbours.set(name, neighbour);
    return neighbour;
  }

  /** Has a realizer of another neighbourhood as a client of its own. */
  join(other: Neighbour): void {
    this.neighbours.set(other.name, other.for(this.store));
  }

  derivation({
    name,
    words = [],
    inputs = [],
    trees = [],
    features = [],
    fix = { kind: 'none' },
  }: Step): Derivation {
    return makeDerivation({
      name,
      builder: 'reciting',
      arguments: [...words, ...inputs.map((input) => placeholderOf(input, 'out'))],
      environment: {},
      inputs: { derivations: inputs.map((derivation) => ({ derivation, outputs: ['out'] })), trees },
      outputs: ['out'],
      requiredRealizerFeatures: features,
      fix,
    });
  }

  /** A tree of this machine, as a local folder would become one. */
  tree(name: string, text: string): StorePath {
    const file = { name: 'text', executable: false, ...this.store.blobs.put(Buffer.from(text)) };
    const encoding = encodeDirectory({ files: [file], directories: [], symlinks: [] });
    const [root, references] = [digestOf(encoding), new Set<never>()];
    const record = this.store.addTree({ root, encodings: [encoding], name, references, candidates: [] });
    this.store.commit({ outputs: [record] });
    return record.path;
  }

  /** A run of its own: what earlier runs know of each other is in the stores. `only` leaves out all others, as `--realizer` does. */
  scheduler(only?: string): Scheduler {
    const all: readonly Realizer[] = [this.#embedded, ...this.neighbours.values()];
    return new Scheduler({
      realizers: only === undefined ? all : all.filter(({ name }) => name === only),
      store: this.store,
      policy: this.#policy(),
      emit: (event) => this.events.push(event),
      signal: this.#abort.signal,
      cores: this.#cores,
      nowMs: () => this.nowMs,
    });
  }

  /** What makes outputs whole that are damaged. */
  remaker(): Remaker {
    return new Remaker(this.means());
  }

  means(): RemakerOptions {
    const realizers = [this.#embedded, ...this.neighbours.values()];
    const emit = (event: CabEvent): void => void this.events.push(event);
    return { store: this.store, realizers, context: { emit, signal: this.#abort.signal } };
  }

  async remove(neighbour: Neighbour): Promise<void> {
    this.neighbours.delete(neighbour.name);
    await neighbour.close();
  }

  /** Realizes in a run of its own. */
  async realize(
    derivations: readonly Derivation[],
    wanted: Wanted = 'here',
    only?: string,
  ): Promise<readonly ScheduleResult[]> {
    return await this.scheduler(only).realize(derivations, wanted);
  }

  /** The same of one derivation that is expected to come to something. */
  async succeed(derivation: Derivation, wanted: Wanted = 'here', only?: string): Promise<Outputs> {
    const [result] = await this.realize([derivation], wanted, only);
    if (result?.ok === true) return result.outputs;
    const told = (result?.diagnostics ?? []).map(({ code, message, notes = [] }) => [
      `${code} ${message}`,
      ...notes,
    ]);
    throw new Error(told.flat().join('\n'));
  }

  /** What was told of a failure. */
  async diagnosticsOf(derivation: Derivation, only?: string): Promise<readonly Diagnostic[]> {
    const [result] = await this.realize([derivation], 'here', only);
    return result?.ok === false ? result.diagnostics : [];
  }

  /** Who ran which derivations. */
  get runs(): Readonly<Record<string, readonly string[]>> {
    const neighbours = [...this.neighbours].map(([name, { executor }]) => [name, executor.runs.toSorted()]);
    return Object.fromEntries([['embedded', this.own.runs.toSorted()], ...neighbours]);
  }

  /** Waits until so many programs have been begun. */
  async untilRunning(count: number): Promise<void> {
    while (Object.values(this.runs).flat().length < count) await nextTurn();
  }

  /** Which outputs came into this process's store from elsewhere, by name. */
  get fetched(): readonly string[] {
    const arrivals = [...this.neighbours.values()].flatMap((neighbour) => neighbour.arrivals);
    const paths = arrivals.filter(({ by }) => by === 'fetch').flatMap((arrival) => arrival.paths);
    return paths.map(nameOf).toSorted();
  }

  /** What the events say of moves, such as `big → small: x y, direct`. */
  get moves(): readonly string[] {
    return this.events.flatMap((event) =>
      event.type === 'outputs-moved' ? [`${event.from} → ${event.to}: ${event.outputs}, ${event.way}`] : [],
    );
  }

  get warnings(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'diagnostic' ? [event.diagnostic.code] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const neighbour of this.neighbours.values()) await neighbour.close();
    await this.#embedded.close();
    this.store.close();
    await removeFolder(this.#folder);
  }

  #policy(): PinPolicy {
    return {
      pinsOf: ({ name }) => ({ pins: this.pins.get(name) ?? {}, ask: this.asked.has(name) }),
      refuse: () => undefined,
      learned: ({ name }, pins) => {
        this.pins.set(name, pins);
        this.asked.delete(name);
      },
      explain: (_, { diagnostic }) => diagnostic,
    };
  }
}

/** The name in a store path. */
export function nameOf(path: StorePath): string {
  return path.slice(path.indexOf('-') + 1);
}
