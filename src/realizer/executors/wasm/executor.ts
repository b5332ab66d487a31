import { type Claim, outputName, parseClaim, scratchPathOf } from '../../../derivations/index.ts';
import type { ResolvedDerivation } from '../../../derivations/index.ts';
import { DiagnosticError } from '../../../diagnostics/index.ts';
import {
  type Digest,
  type StorePath,
  unreachable,
  baseNameOfStorePath,
  hashPartOfStorePath,
  nextTurn,
} from '../../../foundation/index.ts';
import type {
  KnownContentRecord,
  OutputRecord,
  PreparedTree,
  Store,
  TemporaryFolder,
} from '../../../store/index.ts';
import type { RealizerConfiguration } from '../../configuration.ts';
import { programEnvironment } from '../environment.ts';
import { addOutputs } from '../add-outputs.ts';
import type { Execution, ExecutionResult, Executor } from '../executor.ts';
import { hostLimits } from './limits.ts';
import type { InputRoot } from './files/store-tree.ts';
import type { JobRequest } from './job.ts';
import type { ProducedTree } from './messages.ts';
import { findProgram } from './program.ts';
import { WorkerPool } from './worker-pool.ts';

/** Runs WebAssembly programs: what they see and may do is in `docs/reference/wasm-builders.md`. */
export function createWasmExecutor(store: Store, configuration: RealizerConfiguration): Executor {
  return new WasmExecutor(store, configuration);
}

class WasmExecutor implements Executor {
  readonly name = 'wasm';
  readonly #store: Store;
  readonly #configuration: RealizerConfiguration;
  readonly #pool: WorkerPool;
  #temporaryFolder: TemporaryFolder | undefined;

  constructor(store: Store, configuration: RealizerConfiguration) {
    this.#store = store;
    this.#configuration = configuration;
    this.#pool = new WorkerPool(configuration.cores, configuration.limits.durationMs, () => {
      this.#temporaryFolder ??= store.temporaryFolder('wasm');
      return {
        role: 'programs',
        storeFolder: store.folder,
        temporaryFolder: this.#temporaryFolder.path,
        programLimitMs: configuration.programLimitMs,
        limits: configuration.limits,
        network: {
          mirrors: configuration.mirrors,
          credentials: configuration.credentials,
          netrcFile: configuration.netrcFile,
          certificateAuthorities: configuration.certificateAuthorities,
          requestTimeoutMs: configuration.requestTimeoutMs,
          network: configuration.network,
        },
      };
    });
  }

  async features(): Promise<ReadonlySet<string>> {
    return new Set(['wasm']);
  }

  async missing(): Promise<ReadonlyMap<string, string>> {
    return new Map();
  }

  /** A program sees nothing of the machine that it runs on. */
  async identity(): Promise<string | undefined> {
    return undefined;
  }

  /** @throws the signal's reason where it is aborted, and DiagnosticError where the store cannot take what is written. */
  async execute(execution: Execution): Promise<ExecutionResult> {
    const { derivation, onLog, signal } = execution;
    const program = findProgram(this.#store, derivation.builder);
    if (program.kind === 'unfit') return { outcome: 'failed', reason: program.reason };
    const result = await this.#pool.run({
      program: { program: program.digest, ...this.#describe(execution) },
      shares: derivation.fix.kind !== 'none',
      onLog,
      onClaim: (line) => execution.onClaim(parseClaim(line) as Claim),
      signal,
    });
    switch (result.outcome) {
      case 'finished':
        return this.#take(derivation, program.digest, result.outputs, signal);
      case 'crashed':
        throw result.diagnostics === undefined
          ? new Error(result.message)
          : new DiagnosticError(result.diagnostics);
      case 'abandoned':
        throw new Error('a program was abandoned that someone waited for');
      case 'failed':
      case 'stopped':
        return result;
      default:
        return unreachable(result);
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#temporaryFolder?.[Symbol.dispose]();
    this.#temporaryFolder = undefined;
  }

  #describe({ derivation, pins, headers, isRepetition }: Execution): Omit<JobRequest['program'], 'program'> {
    const closure = this.#store.closure(derivation.inputs.trees);
    const scratch = derivation.outputs.map((output) => [output, scratchPathOf(derivation, output)] as const);
    const referable = derivation.fix.kind === 'none' ? [...closure, ...scratch.map(([, path]) => path)] : [];
    return {
      seed: derivation.id,
      arguments: [derivation.builder, ...derivation.arguments],
      environment: programEnvironment(derivation, pins, this.#configuration.cores),
      fix: derivation.fix.kind,
      findsParts: isRepetition !== true,
      headers: headers ?? new Map(),
      inputs: new Map(closure.map((path) => [baseNameOfStorePath(path), this.#inputRoot(path)])),
      outputs: new Map(scratch.map(([output, path]) => [output, baseNameOfStorePath(path)])),
      candidates: referable.map(hashPartOfStorePath),
    };
  }

  /** Others get their turn between the slices: many programs may end at once, each with thousands of directories. */
  async #putTrees(encodings: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < encodings.length; start += hostLimits.treesAtOnce) {
      await nextTurn();
      signal.throwIfAborted();
      this.#store.putTrees(encodings.slice(start, start + hostLimits.treesAtOnce));
    }
  }

  #inputRoot(path: StorePath): InputRoot {
    const entry = this.#store.lookup(path, '/');
    if (entry === undefined) throw new Error(`the input ${path} is not in the store`);
    return entry.kind === 'directory' ? { kind: 'directory', directory: entry.tree } : entry;
  }

  async #take(
    derivation: ResolvedDerivation,
    program: Digest,
    produced: ReadonlyMap<string, ProducedTree>,
    signal: AbortSignal,
  ): Promise<ExecutionResult> {
    const scratchPaths = derivation.outputs.map((output) => scratchPathOf(derivation, output));
    const candidates =
      derivation.fix.kind === 'none'
        ? [...this.#store.closure(derivation.inputs.trees), ...scratchPaths]
        : [];
    const prepared = new Map<string, PreparedTree>();
    for (const [output, { root, encodings, references, mentioning }] of produced) {
      // One that may mention its own path is put as it comes to be, not as it was made.
      const isFinal = derivation.fix.kind !== 'none';
      if (isFinal) await this.#putTrees(encodings, signal);
      await nextTurn();
      const tree = this.#store.prepareTree({
        root,
        encodings: isFinal ? [] : encodings,
        name: outputName(derivation, output),
        references,
        candidates,
        ...(derivation.fix.kind === 'none' ? { scratch: scratchPathOf(derivation, output), mentioning } : {}),
      });
      prepared.set(output, tree);
    }
    const result = addOutputs(derivation, prepared);
    if (result.outcome !== 'finished') return result;
    const contents = [...produced].flatMap(([output, tree]) =>
      tree.contents.map((content): KnownContentRecord => {
        return { ...content, program, path: (result.outputs[output] as OutputRecord).path };
      }),
    );
    return { ...result, contents };
  }
}
