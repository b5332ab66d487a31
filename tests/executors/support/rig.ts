import {
  type DerivationParts,
  type Pins,
  type ResolvedDerivation,
  makeDerivation,
} from '../../../src/derivations/index.ts';
import { type HashPart, type StorePath, digestOf } from '../../../src/foundation/index.ts';
import type { ExecutionResult, Executor } from '../../../src/realizer/executors/index.ts';
import type { RealizerConfiguration } from '../../../src/realizer/configuration.ts';
import { personalLimits } from '../../../src/realizer/program-limits.ts';
import { type Directory, type OutputRecord, Store, encodeDirectory } from '../../../src/store/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';

/** What a run came to, with all that was heard of it. */
export interface Run {
  readonly result: ExecutionResult;
  readonly log: readonly string[];
  readonly claims: readonly string[];
}

export interface RunOptions {
  readonly pins?: Pins;
  readonly onClaim?: (claim: string) => Promise<'continue' | 'stop'> | 'continue' | 'stop';
  readonly onLog?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export const defaultConfiguration: RealizerConfiguration = {
  cores: 2,
  mirrors: new Map(),
  credentials: [],
  netrcFile: undefined,
  certificateAuthorities: [],
  requestTimeoutMs: 10_000,
  programLimitMs: 3_600_000,
  limits: personalLimits,
  network: { kind: 'anywhere' },
  features: [],
  hostTools: true,
};

/** A store of its own, and what tests do with it. */
export class Rig implements AsyncDisposable {
  readonly store: Store;
  readonly folder: string;
  readonly #executors: Executor[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.store = Store.open(`${folder}/store`);
  }

  static async create(): Promise<Rig> {
    return new Rig(await makeTemporaryFolder());
  }

  /** Opens an executor that is closed with the rig. */
  open<T extends Executor>(
    create: (store: Store, configuration: RealizerConfiguration) => T,
    configuration: Partial<RealizerConfiguration> = {},
  ): T {
    const executor = create(this.store, { ...defaultConfiguration, ...configuration });
    this.#executors.push(executor);
    return executor;
  }

  /** Puts a file, or a folder of files, by their names, into the store. */
  add(name: string, content: Uint8Array | Readonly<Record<string, string>>): StorePath {
    const directory: Directory = {
      files: Object.entries(content instanceof Uint8Array ? { '': content } : content).map(
        ([file, bytes]) => ({
          name: file,
          executable: file.endsWith('.sh'),
          ...this.store.blobs.put(Buffer.from(bytes)),
        }),
      ),
      directories: [],
      symlinks: [],
    };
    const encoding = encodeDirectory(directory);
    const root = digestOf(encoding);
    const references = new Set<HashPart>();
    const record = this.store.addTree({ root, encodings: [encoding], name, references, candidates: [] });
    this.store.commit({ outputs: [record] });
    return record.path;
  }

  derivation(parts: Partial<DerivationParts> & Pick<DerivationParts, 'builder'>): ResolvedDerivation {
    return makeDerivation({
      name: 'example',
      arguments: [],
      environment: {},
      inputs: { derivations: [], trees: [] },
      outputs: ['out'],
      requiredRealizerFeatures: [],
      fix: { kind: 'none' },
      ...parts,
    }) as ResolvedDerivation;
  }

  async run(executor: Executor, derivation: ResolvedDerivation, options: RunOptions = {}): Promise<Run> {
    const log: string[] = [];
    const claims: string[] = [];
    const result = await executor.execute({
      derivation,
      pins: options.pins ?? {},
      onLog: (line) => {
        log.push(line);
        options.onLog?.(line);
      },
      onClaim: async ({ format, value }) => {
        claims.push(`${format}:${value}`);
        return (await options.onClaim?.(`${format}:${value}`)) ?? 'continue';
      },
      signal: options.signal ?? new AbortController().signal,
    });
    return { result, log, claims };
  }

  /** The output's entries by path, each as `file:<content>`, `executable:<content>`, `symlink:<target>` or `directory`. */
  contents(result: ExecutionResult, output = 'out'): Record<string, string> {
    if (result.outcome !== 'finished') throw new Error(`it has not finished: ${JSON.stringify(result)}`);
    const contents: Record<string, string> = {};
    this.#describe(this.store.getTree((result.outputs[output] as OutputRecord).tree), '', contents);
    return contents;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#executors.map((executor) => executor.close()));
    this.store.close();
    await removeFolder(this.folder);
  }

  #describe(directory: Directory, prefix: string, contents: Record<string, string>): void {
    for (const { name, digest, executable } of directory.files) {
      const text = Buffer.from(this.store.blobs.read(digest)).toString();
      contents[prefix + name] = `${executable ? 'executable' : 'file'}:${text}`;
    }
    for (const { name, target } of directory.symlinks) contents[prefix + name] = `symlink:${target}`;
    for (const { name, digest } of directory.directories) {
      contents[prefix + name] = 'directory';
      this.#describe(this.store.getTree(digest), `${prefix}${name}/`, contents);
    }
  }
}
