import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { pathOfProgram, programs } from '../../../scripts/programs.ts';
import type { Pins } from '../../../src/derivations/index.ts';
import { type Digest, type StorePath, hashPartOf } from '../../../src/foundation/index.ts';
import type { RealizerConfiguration } from '../../../src/realizer/configuration.ts';
import { type Executor, createWasmExecutor } from '../../../src/realizer/executors/index.ts';
import { limitMemory } from '../../../src/realizer/executors/wasm/memory-limit.ts';
import type { OutputRecord } from '../../../src/store/index.ts';
import { Rig, type Run } from '../../executors/support/rig.ts';
import { type GitServer, type Tree, startGitServer } from '../../support/index.ts';

type TreeEntry = Tree extends ReadonlyMap<string, infer Entry> ? Entry : never;

/** What a run of the fetcher came to. */
export interface Fetched extends Run {
  /** The output; empty where the program failed. */
  readonly tree: Tree;
}

/** Runs fetch.wasm against a server of its own, in the realizer's own executor. */
export class FetchRig {
  readonly rig: Rig;
  readonly server: GitServer;
  readonly #executor: Executor;
  readonly #builder: StorePath;
  #unpack: StorePath | undefined;

  private constructor(
    rig: Rig,
    server: GitServer,
    program: Uint8Array,
    configuration: Partial<RealizerConfiguration>,
  ) {
    this.rig = rig;
    this.server = server;
    this.#executor = rig.open(createWasmExecutor, configuration);
    this.#builder = rig.add('fetch.wasm', program);
  }

  /** The program may have a limit of memory, in bytes, below the executor's own. */
  static async create(
    context: TestContext,
    memoryLimit?: number,
    configuration: Partial<RealizerConfiguration> = {},
  ): Promise<FetchRig> {
    const rig = await Rig.create();
    const server = await startGitServer({ repositories: rig.folder });
    context.after(async () => {
      await server.close();
      await rig[Symbol.asyncDispose]();
    });
    const binary = await readProgram('fetch');
    const program = memoryLimit === undefined ? binary : limited(binary, memoryLimit);
    return new FetchRig(rig, server, program, configuration);
  }

  /** From here on the program that decompresses what few archives need is there. */
  async addUnpack(): Promise<void> {
    this.#unpack = this.rig.add('unpack.wasm', await readProgram('unpack'));
  }

  /** Where a repository or file must lie to be served. */
  place(name: string): string {
    return path.join(this.rig.folder, name);
  }

  async git(repository: string, ref: string, subtree = '', pins: Pins = {}): Promise<Fetched> {
    return this.run(['git', `${this.server.url}/${repository}`, ref, subtree], pins);
  }

  async http(name: string, subtree = '', pins: Pins = {}): Promise<Fetched> {
    return this.run(['http', `${this.server.url}/files/${name}`, subtree], pins);
  }

  async read(repository: string, ref: string, words: readonly string[], pins: Pins = {}): Promise<Fetched> {
    return this.run(['git-read', `${this.server.url}/${repository}`, ref, ...words], pins);
  }

  /** The files of the output with their contents, and the links with an arrow. */
  contents({ result }: Fetched): Record<string, string> {
    const entries = Object.entries(this.rig.contents(result)).filter(([, text]) => text !== 'directory');
    return Object.fromEntries(
      entries.map(([name, text]) => [
        name,
        text.replace(/^(file|executable):/, '').replace(/^symlink:/, '-> '),
      ]),
    );
  }

  /** Records what a run came to, as a realizer does: later runs find what it has named. */
  remember({ result }: Fetched): void {
    assert.equal(result.outcome, 'finished');
    if (result.outcome !== 'finished') return;
    const { outputs, contents = [] } = result;
    this.rig.store.commit({ outputs: Object.values(outputs), contents });
  }

  /** Runs the program. The last claim of one that finishes must be the hash of what the store has then. */
  async run(commandLine: readonly string[], pins: Pins = {}): Promise<Fetched> {
    const derivation = this.rig.derivation({
      builder: this.#builder,
      arguments: commandLine,
      environment: this.#unpack === undefined ? {} : { CAB_UNPACK: this.#unpack },
      inputs: {
        derivations: [],
        trees: [this.#builder, ...(this.#unpack === undefined ? [] : [this.#unpack])],
      },
      fix: { kind: 'self' },
    });
    const run = await this.rig.run(this.#executor, derivation, { pins });
    if (run.result.outcome !== 'finished') return { ...run, tree: new Map() };
    const record = run.result.outputs['out'] as OutputRecord;
    assert.equal(run.claims.at(-1), `cab:${hashPartOf(record.tree)}`);
    return { ...run, tree: new Map([...this.#entries(record.tree, '')].toSorted(inOrderOfPaths)) };
  }

  *#entries(digest: Digest, prefix: string): Iterable<[string, TreeEntry]> {
    const { files, symlinks, directories } = this.rig.store.getTree(digest);
    for (const file of files) {
      const sha256 = createHash('sha256').update(this.rig.store.blobs.read(file.digest)).digest('hex');
      yield [prefix + file.name, { kind: 'file', executable: file.executable, sha256 }];
    }
    for (const { name, target } of symlinks) yield [prefix + name, { kind: 'symlink', target }];
    for (const { name, digest: inner } of directories) yield* this.#entries(inner, `${prefix}${name}/`);
  }
}

function limited(binary: Uint8Array, limit: number): Uint8Array {
  const module = limitMemory(binary, limit);
  assert.ok(module.kind === 'limited');
  return module.binary;
}

function readProgram(name: string): Promise<Buffer> {
  const program = programs.find((program) => program.name === name);
  assert.ok(program);
  return readFile(pathOfProgram(program));
}

function inOrderOfPaths([one]: readonly [string, TreeEntry], [other]: readonly [string, TreeEntry]): number {
  return one < other ? -1 : 1;
}

/** The exit code and the line of the log of a run that failed. */
export function failureOf({ result, log }: Fetched): string {
  return `${result.outcome === 'failed' ? result.exitCode : result.outcome}: ${log.join('\n')}`;
}
