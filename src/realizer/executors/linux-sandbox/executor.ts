import { lstat } from 'node:fs/promises';
import path from 'node:path';
import {
  type Claim,
  type ResolvedDerivation,
  outputName,
  parseClaim,
  scratchPathOf,
} from '../../../derivations/index.ts';
import { baseNameOfStorePath } from '../../../foundation/index.ts';
import type { OutputRecord, Store } from '../../../store/index.ts';
import type { RealizerConfiguration } from '../../configuration.ts';
import type { Execution, ExecutionResult, Executor } from '../executor.ts';
import { Log } from '../log.ts';
import { findSandboxing } from './bubblewrap.ts';
import { BuilderProcess, type ProcessEnd } from './builder-process.ts';
import { ClaimsFifo } from './claims-fifo.ts';
import { hostToolsIdentity } from './host-tools.ts';
import { type BuildFolders, makeBuildFolders, sandboxOptions } from './sandbox.ts';

/** Runs programs of the machine's own kind, apart from the machine, by bubblewrap. */
export function createLinuxSandboxExecutor(store: Store, configuration: RealizerConfiguration): Executor {
  return new LinuxSandboxExecutor(store, configuration);
}

class LinuxSandboxExecutor implements Executor {
  readonly name = 'linux-sandbox';
  readonly #store: Store;
  readonly #configuration: RealizerConfiguration;

  constructor(store: Store, configuration: RealizerConfiguration) {
    this.#store = store;
    this.#configuration = configuration;
  }

  async features(): Promise<ReadonlySet<string>> {
    if (process.platform !== 'linux') return new Set();
    return (await findSandboxing()).kind === 'works' ? this.#wouldOffer() : new Set();
  }

  async missing(): Promise<ReadonlyMap<string, string>> {
    if (process.platform !== 'linux') return new Map();
    const sandboxing = await findSandboxing();
    if (sandboxing.kind === 'works') return new Map();
    return new Map([...this.#wouldOffer()].map((feature) => [feature, sandboxing.whatToDo]));
  }

  async identity(derivation: ResolvedDerivation): Promise<string | undefined> {
    return derivation.requiredRealizerFeatures.includes('host-tools') ? hostToolsIdentity() : undefined;
  }

  /** @throws the signal's reason where it is aborted, and DiagnosticError where the store cannot take what is written. */
  async execute(execution: Execution): Promise<ExecutionResult> {
    execution.signal.throwIfAborted();
    const sandboxing = await findSandboxing();
    if (sandboxing.kind === 'missing')
      return { outcome: 'failed', reason: `no sandbox: ${sandboxing.whatToDo}` };
    using folder = this.#store.temporaryFolder('build');
    const folders = await makeBuildFolders(folder.path);
    const options = await sandboxOptions(execution, this.#store, folders, this.#configuration.cores);
    const failure = await runProgram(execution, sandboxing.bubblewrap, options, folders);
    return failure ?? (await this.#take(execution.derivation, folders));
  }

  async close(): Promise<void> {}

  #wouldOffer(): ReadonlySet<string> {
    const architecture =
      process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : process.arch;
    return new Set([`${architecture}-linux`, ...(this.#configuration.hostTools ? ['host-tools'] : [])]);
  }

  async #take(derivation: ResolvedDerivation, folders: BuildFolders): Promise<ExecutionResult> {
    const isPlain = derivation.fix.kind === 'none';
    const scratchPaths = new Map(
      derivation.outputs.map((output) => [output, scratchPathOf(derivation, output)]),
    );
    const closure = isPlain ? this.#store.closure(derivation.inputs.trees) : [];
    const outputs: Record<string, OutputRecord> = {};
    for (const [output, scratch] of scratchPaths) {
      const source = path.join(folders.store, baseNameOfStorePath(scratch));
      if ((await lstat(source).catch(() => undefined)) === undefined) {
        return { outcome: 'failed', reason: `it did not make the output '${output}'`, missingOutput: output };
      }
      const others = isPlain ? [...scratchPaths].filter(([name]) => name !== output) : [];
      const candidates = [...closure, ...others.map(([, other]) => other)];
      const record = await this.#store.addOutput({
        source,
        scratch,
        name: outputName(derivation, output),
        candidates,
      });
      const mentioned = others.find(([, other]) => record.references.includes(other));
      if (mentioned !== undefined) {
        return {
          outcome: 'failed',
          reason: `its output '${output}' mentions the path of its output '${mentioned[0]}'`,
        };
      }
      outputs[output] = record;
    }
    return { outcome: 'finished', outputs };
  }
}

/** Runs the program to its end; answers why it did not end well, or undefined where it did. */
async function runProgram(
  { derivation, onLog, onClaim, signal }: Execution,
  bubblewrap: string,
  options: readonly string[],
  folders: BuildFolders,
): Promise<Exclude<ExecutionResult, { outcome: 'finished' }> | undefined> {
  const log = new Log(onLog);
  let ended: Exclude<ExecutionResult, { outcome: 'finished' }> | undefined;
  let verdicts: Promise<void> = Promise.resolve();
  const endWith = (result: NonNullable<typeof ended>): void => {
    ended ??= result;
    builder?.kill();
  };
  const acceptLine = (line: string): void => {
    const claim = parseClaim(line);
    if (claim === undefined) endWith(malformed(line));
    else verdicts = verdicts.then(() => ask(claim));
    // Where asking fails, the program is of no use, and the failure is met where the verdicts are awaited.
    verdicts.catch(() => builder?.kill());
  };
  const ask = async (claim: Claim): Promise<void> => {
    if (ended === undefined && (await onClaim(claim)) === 'stop') endWith({ outcome: 'stopped' });
  };
  const fifo =
    derivation.fix.kind !== 'none' ? await ClaimsFifo.make(folders.working, acceptLine) : undefined;
  let builder: BuilderProcess | undefined;
  const abort = (): void => builder?.kill();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    builder = new BuilderProcess(bubblewrap, options, [derivation.builder, ...derivation.arguments], log);
    const end = await builder.end;
    signal.throwIfAborted();
    const rest = fifo?.finish() ?? '';
    await verdicts;
    log.end();
    return ended ?? failureOf(end) ?? (rest === '' ? undefined : malformed(rest));
  } finally {
    signal.removeEventListener('abort', abort);
    fifo?.close();
  }
}

function malformed(line: string): Exclude<ExecutionResult, { outcome: 'finished' }> {
  return { outcome: 'failed', reason: `malformed claim '${line}'`, malformedClaim: line };
}

function failureOf(end: ProcessEnd): Exclude<ExecutionResult, { outcome: 'finished' }> | undefined {
  if (end.kind === 'killed') {
    const exitCode = end.code === undefined ? {} : { exitCode: end.code };
    return { outcome: 'failed', reason: `killed by ${end.signal}`, ...exitCode };
  }
  return end.code === 0
    ? undefined
    : { outcome: 'failed', reason: `exit code ${end.code}`, exitCode: end.code };
}
