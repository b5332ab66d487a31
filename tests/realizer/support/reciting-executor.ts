import { outputName, parseClaim } from '../../../src/derivations/index.ts';
import { type HashPart, digestOf, hashPartOfStorePath } from '../../../src/foundation/index.ts';
import type { Execution, ExecutionResult, Executor } from '../../../src/realizer/index.ts';
import { type OutputRecord, type Store, encodeDirectory } from '../../../src/store/index.ts';

/** What a program that is run here can wait for, by name. */
type Gates = ReadonlyMap<string, Promise<void>>;

export interface RecitingOptions {
  readonly features: readonly string[];
  readonly gates?: Gates;
  /** What a program sees of the machine. */
  readonly identity?: string;
}

/**
 * Runs derivations whose arguments are what is to be done, one a word: what is asked of a realizer is the same, and no process is started.
 * The output is a folder: `text` has the words and what the inputs say, which have to be in the store, and `size` as much as is wanted.
 *
 * `fill:N` makes N bytes; `claim:format:value` makes a claim; `wait:NAME` waits for a gate; `fail` fails.
 */
export class RecitingExecutor implements Executor {
  readonly name = 'reciting';
  /** Which derivations were run, by their names. */
  readonly runs: string[] = [];
  readonly #store: Store;
  readonly #options: RecitingOptions;

  constructor(store: Store, options: RecitingOptions) {
    this.#store = store;
    this.#options = options;
  }

  async features(): Promise<ReadonlySet<string>> {
    return new Set(this.#options.features);
  }

  async missing(): Promise<ReadonlyMap<string, string>> {
    return new Map();
  }

  async identity(): Promise<string | undefined> {
    return this.#options.identity;
  }

  async execute(execution: Execution): Promise<ExecutionResult> {
    const { derivation } = execution;
    this.runs.push(derivation.name);
    let size = 0;
    for (const word of derivation.arguments) {
      execution.signal.throwIfAborted();
      const [, verb = '', rest = ''] = /^([a-z]+):?(.*)$/.exec(word) ?? [];
      if (verb === 'fill') size = Number(rest);
      if (verb === 'fail') return { outcome: 'failed', reason: 'exit code 1', exitCode: 1 };
      if (verb === 'wait') await this.#options.gates?.get(rest);
      if (verb === 'claim' && (await this.#claim(execution, rest)) === 'stop') return { outcome: 'stopped' };
    }
    const outputs = derivation.outputs.map(
      (output) => [output, this.#write(execution, output, size)] as const,
    );
    return { outcome: 'finished', outputs: Object.fromEntries(outputs) };
  }

  async close(): Promise<void> {}

  async #claim({ onClaim }: Execution, text: string): Promise<'continue' | 'stop'> {
    const claim = parseClaim(text);
    return claim === undefined ? 'continue' : await onClaim(claim);
  }

  #write({ derivation }: Execution, output: string, size: number): OutputRecord {
    const { trees } = derivation.inputs;
    const said = trees.map((path) => `${path}\n${this.#read(path)}`);
    const text = [derivation.name, output, ...derivation.arguments, ...said].join('\n');
    const files = [
      { name: 'size', content: Buffer.alloc(size, derivation.name) },
      { name: 'text', content: Buffer.from(text) },
    ].map(({ name, content }) => ({ name, executable: false, ...this.#store.blobs.put(content) }));
    const encoding = encodeDirectory({ files, directories: [], symlinks: [] });
    const references = new Set<HashPart>(trees.map(hashPartOfStorePath));
    const name = outputName(derivation, output);
    const root = digestOf(encoding);
    return this.#store.addTree({ root, encodings: [encoding], name, references, candidates: trees });
  }

  /** What an input says: its digest stands for what it says itself, so that texts stay short. */
  #read(path: OutputRecord['path']): string {
    const entry = this.#store.lookup(path, '/text') ?? this.#store.lookup(path, '/');
    if (entry?.kind !== 'file') throw new Error(`the input '${path}' is not there`);
    return digestOf(this.#store.blobs.read(entry.digest));
  }
}
