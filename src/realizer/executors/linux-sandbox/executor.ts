import { lstatSync } from 'node:fs';
import path from 'node:path';
import {
  type ResolvedDerivation,
  outputName,
  parseClaim,
  scratchPathOf,
} from '../../../derivations/index.ts';
import type { Diagnostic } from '../../../diagnostics/index.ts';
import { type StorePath, baseNameOfStorePath } from '../../../foundation/index.ts';
import { type OutputRecord, type PreparedTree, type Store, findDiskFull } from '../../../store/index.ts';
import type { RealizerConfiguration } from '../../configuration.ts';
import { onOverdue, overdue } from '../duration.ts';
import type { ProgramLimits } from '../../program-limits.ts';
import { addOutputs } from '../add-outputs.ts';
import type { Execution, ExecutionResult, Executor } from '../executor.ts';
import { Log } from '../log.ts';
import { findSandboxing } from './bubblewrap.ts';
import type { BuilderProcess, ProcessEnd } from './builder-process.ts';
import { Builders } from './builders.ts';
import { ClaimsFifo } from './claims-fifo.ts';
import { faultOfCommand } from './command-limits.ts';
import { beginToFindHostTools, hostToolsIdentity } from './host-tools.ts';
import { type BuildFolders, describeSandbox, makeBuildFolders, sandboxEnvironment } from './sandbox.ts';

/** Runs programs of the machine's own kind, apart from the machine, by bubblewrap. */
export function createLinuxSandboxExecutor(store: Store, configuration: RealizerConfiguration): Executor {
  return new LinuxSandboxExecutor(store, configuration);
}

class LinuxSandboxExecutor implements Executor {
  readonly name = 'linux-sandbox';
  readonly #store: Store;
  readonly #configuration: RealizerConfiguration;
  readonly #builders: Builders;

  constructor(store: Store, configuration: RealizerConfiguration) {
    this.#store = store;
    this.#configuration = configuration;
    this.#builders = new Builders(store);
  }

  async features(): Promise<ReadonlySet<string>> {
    if (process.platform !== 'linux') return new Set();
    if (this.#configuration.hostTools) beginToFindHostTools();
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
    const { derivation } = execution;
    if (derivation.fix.kind !== 'none' && !this.#mayUseNetwork()) return keptFromNetwork(derivation);
    const sandboxing = await findSandboxing();
    if (sandboxing.kind === 'missing')
      return { outcome: 'failed', reason: `no sandbox: ${sandboxing.whatToDo}` };
    const { bubblewrap } = sandboxing;
    const { native: limits } = this.#configuration.limits;
    using folder = this.#store.temporaryFolder('build');
    const folders = makeBuildFolders(folder.path);
    const environment = await sandboxEnvironment(execution, this.#configuration.cores);
    const inputs = this.#store.closure(derivation.inputs.trees);
    const sandbox = await describeSandbox(this.#store, {
      derivation,
      environment,
      folders,
      inputs,
      machine: { bubblewrap, limits },
    });
    const command = [derivation.builder, ...derivation.arguments];
    const fault = faultOfCommand(command, environment, sandbox.options);
    if (fault !== undefined) return { outcome: 'failed', reason: fault };
    const start = (log: Log): Promise<BuilderProcess> =>
      this.#builders.start(folder.path, { bubblewrap, ...sandbox, command, limits }, log);
    const failure = await runProgram(execution, folders, this.#configuration.limits, start);
    if (failure?.outcome === 'failed') this.#blameFullDisk(failure.reason);
    return failure ?? (await this.#take(derivation, folders, inputs));
  }

  async close(): Promise<void> {
    await this.#builders.close();
  }

  #mayUseNetwork(): boolean {
    const { network } = this.#configuration;
    return network.kind === 'anywhere' || network.forNative;
  }

  #wouldOffer(): ReadonlySet<string> {
    const architecture =
      process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : process.arch;
    return new Set([`${architecture}-linux`, ...(this.#configuration.hostTools ? ['host-tools'] : [])]);
  }

  /** A program that could not write says so in words of its own, if at all. */
  #blameFullDisk(reason: string): void {
    const full = findDiskFull(this.#store.folder, new Error(`a builder failed: ${reason}`));
    if (full !== undefined) throw full;
  }

  async #take(
    derivation: ResolvedDerivation,
    folders: BuildFolders,
    inputs: readonly StorePath[],
  ): Promise<ExecutionResult> {
    const scratchPaths = new Map(
      derivation.outputs.map((output) => [output, scratchPathOf(derivation, output)]),
    );
    const prepared = new Map<string, PreparedTree>();
    for (const [output, scratch] of scratchPaths) {
      const source = path.join(folders.store, baseNameOfStorePath(scratch));
      if (lstatSync(source, { throwIfNoEntry: false }) === undefined) {
        return { outcome: 'failed', reason: `it did not make the output '${output}'`, missingOutput: output };
      }
      const others = [...scratchPaths.values()].filter((other) => other !== scratch);
      const name = outputName(derivation, output);
      prepared.set(
        output,
        await this.#store.takeOutput({ source, scratch, name, candidates: inputs, others }),
      );
    }
    const result = addOutputs(derivation, prepared);
    if (result.outcome !== 'finished' || derivation.fix.kind === 'none') return result;
    for (const [output, record] of Object.entries(result.outputs)) {
      const [reference] = record.references;
      if (reference === undefined) continue;
      const reason = fixedMentions(reference, record, scratchPathOf(derivation, output));
      return { outcome: 'failed', reason };
    }
    return result;
  }
}

/** How a program ends that leaves no outputs. */
type Failure = Exclude<ExecutionResult, { outcome: 'finished' }>;

/** Runs the program to its end; answers why it did not end well, or undefined where it did. */
async function runProgram(
  { derivation, onLog, onClaim, signal }: Execution,
  folders: BuildFolders,
  limits: ProgramLimits,
  start: (log: Log) => Promise<BuilderProcess>,
): Promise<Failure | undefined> {
  const log = new Log(onLog, limits);
  let ended: Failure | undefined;
  let isOverdue = false;
  let verdicts: Promise<void> = Promise.resolve();
  const endWith = (result: NonNullable<typeof ended>): void => {
    ended ??= result;
    builder?.kill();
  };
  const acceptLine = (line: string): void => {
    verdicts = verdicts.then(() => judge(line));
    // Where asking fails, the program is of no use, and the failure is met where the verdicts are awaited.
    verdicts.catch(() => builder?.kill());
  };
  const judge = async (line: string): Promise<void> => {
    if (ended !== undefined) return;
    const claim = parseClaim(line);
    if (claim === undefined) endWith(malformed(line));
    else if ((await onClaim(claim)) === 'stop') endWith({ outcome: 'stopped' });
  };
  const fifo =
    derivation.fix.kind !== 'none' ? await ClaimsFifo.make(folders.working, acceptLine) : undefined;
  let builder: BuilderProcess | undefined;
  const abort = (): void => builder?.kill();
  signal.addEventListener('abort', abort, { once: true });
  using _limit = onOverdue(limits.durationMs, () => {
    isOverdue = true;
    builder?.kill();
  });
  try {
    signal.throwIfAborted();
    builder = await start(log);
    if (signal.aborted) builder.kill();
    const end = await builder.end;
    signal.throwIfAborted();
    fifo?.drain();
    const failure = isOverdue ? outOfTime(limits.durationMs) : (excessive(builder.excess) ?? failureOf(end));
    // A program that failed may have been cut off within a claim: only one that ended well meant its last line as it stands.
    if (failure === undefined) fifo?.end();
    await verdicts;
    log.end();
    return ended ?? failure;
  } finally {
    signal.removeEventListener('abort', abort);
    fifo?.close();
  }
}

/** What is fixed comes from outside, is trusted by its hash, and has to be the same wherever the paths of others lie. */
function fixedMentions(reference: StorePath, record: OutputRecord, scratch: StorePath): string {
  return reference === record.path
    ? `its output mentions its own store path ${scratch}, and what is fixed may not refer to itself`
    : `its output mentions the store path ${reference}, and what is fixed may not refer to other outputs`;
}

function outOfTime(limitMs: number): Failure {
  return { outcome: 'failed', reason: overdue(limitMs) };
}

function excessive(reason: string | undefined): Failure | undefined {
  return reason === undefined ? undefined : { outcome: 'failed', reason };
}

/** Nothing keeps a program in a sandbox to a part of the network. */
function keptFromNetwork({ name }: ResolvedDerivation): Failure {
  const reason = 'this realizer has no network for programs of the machine';
  const diagnostic: Diagnostic = {
    code: 'CAB4061',
    severity: 'error',
    message: `the builder of '${name}' would need the network, and this realizer has none for programs of the machine's own kind`,
    hint: 'let a WebAssembly program fetch, or build it on a realizer of your own; the operator can set [network] native-allow = true',
  };
  return { outcome: 'failed', reason, diagnostic };
}

function malformed(line: string): Failure {
  return { outcome: 'failed', reason: `malformed claim '${line}'`, malformedClaim: line };
}

function failureOf(end: ProcessEnd): Failure | undefined {
  if (end.kind === 'killed') {
    const exitCode = end.code === undefined ? {} : { exitCode: end.code };
    return { outcome: 'failed', reason: `killed by ${end.signal}`, ...exitCode };
  }
  return end.code === 0
    ? undefined
    : { outcome: 'failed', reason: `exit code ${end.code}`, exitCode: end.code };
}
