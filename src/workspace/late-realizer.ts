import { once, type StorePath } from '../foundation/index.ts';
import type {
  Load,
  LookedUp,
  Moved,
  RealizeContext,
  Realizer,
  RealizeRequest,
  RealizeResult,
  RemoteOutputs,
  RepeatResult,
} from '../realizer/index.ts';
import type { OutputRecord } from '../store/index.ts';

/**
 * A realizer with a store of its own that is opened when it is first asked for something: what speaks with it over a network takes its time to
 * load, and many a run asks nothing.
 */
export class LateRealizer implements Realizer {
  readonly name: string;
  readonly remote: RemoteOutputs;
  readonly #open: () => Realizer;
  #isOpen = false;

  constructor(name: string, open: () => Realizer) {
    this.name = name;
    this.#open = once(() => {
      this.#isOpen = true;
      return open();
    });
    this.remote = new LateOutputs(() => outputsOf(this.#open()));
  }

  async features(): Promise<ReadonlySet<string>> {
    return await this.#open().features();
  }

  async lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return await this.#open().lacking(required);
  }

  async lookup(request: Omit<RealizeRequest, 'requestedAs'>): Promise<LookedUp | undefined> {
    return await this.#open().lookup(request);
  }

  async has(path: StorePath): Promise<boolean> {
    return await this.#open().has(path);
  }

  async realize(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    return await this.#open().realize(request, context);
  }

  async repeat(request: RealizeRequest, context: RealizeContext): Promise<RepeatResult> {
    return await this.#open().repeat(request, context);
  }

  async load(): Promise<Load> {
    return await this.#open().load();
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.#open().close();
  }
}

class LateOutputs implements RemoteOutputs {
  readonly #open: () => RemoteOutputs;

  constructor(open: () => RemoteOutputs) {
    this.#open = open;
  }

  async push(paths: readonly StorePath[], context: RealizeContext): Promise<Moved> {
    return await this.#open().push(paths, context);
  }

  async fetch(paths: readonly StorePath[], context: RealizeContext): Promise<Moved> {
    return await this.#open().fetch(paths, context);
  }

  /** The two have to see each other as they are: they bring their servers together. */
  async pullFrom(
    other: RemoteOutputs,
    paths: readonly StorePath[],
    context: RealizeContext,
  ): Promise<Moved | { readonly refusal: string }> {
    const there = other instanceof LateOutputs ? other.#open() : other;
    return await this.#open().pullFrom(there, paths, context);
  }

  async refetch(path: StorePath, context: RealizeContext): Promise<OutputRecord | undefined> {
    return await this.#open().refetch(path, context);
  }
}

function outputsOf({ name, remote }: Realizer): RemoteOutputs {
  if (remote === undefined) throw new Error(`${name} has no store of its own`);
  return remote;
}
