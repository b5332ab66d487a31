import { DiagnosticError } from '../../../diagnostics/index.ts';
import { type Digest, type HashPart, hashPartLength } from '../../../foundation/index.ts';
import {
  type Blobs,
  type Directory,
  type KnownContent,
  ReferenceScanner,
  systemFault,
} from '../../../store/index.ts';
import type { ProgramLimits } from '../../program-limits.ts';
import { Log } from '../log.ts';
import { Claims, MalformedClaim } from './claims.ts';
import { executableBitFunctions } from './executable-bit.ts';
import { BufferShelf } from './files/buffer-shelf.ts';
import { FileSystem } from './files/file-system.ts';
import type { DirectoryNode } from './files/node.ts';
import { Quota } from './files/quota.ts';
import { placeInput } from './files/store-tree.ts';
import { Filters } from './filters/filters.ts';
import { GuestMemory, MemoryFault } from './guest-memory.ts';
import { Abandoned, HostCalls } from './host-calls.ts';
import type { HostFunctions } from './host-functions.ts';
import { type KnownContentSource, type NamedContents, knownContentFunctions } from './known-content.ts';
import { programLimits } from './limits.ts';
import type { ProducedTree, ProgramDescription, ProgramResult } from './messages.ts';
import { type ModuleCache, misfitOf } from './module.ts';
import type { Client } from './network/client.ts';
import type { BatchPool } from './writing/batch-pool.ts';
import { WriteBehind } from './writing/write-behind.ts';
import type { Failure } from './network/failure.ts';
import { TooDeep, produceTree } from './produced-tree.ts';
import type { ProgramContext } from './program-context.ts';
import { runToEnd, trapOf } from './program-end.ts';
import { Requests } from './requests.ts';
import {
  DescriptorTable,
  constantClock,
  deterministicRandom,
  pollOneoff,
  realClock,
  realRandom,
  systemFunctions,
} from './system/index.ts';
import { OutOfTime } from './time-limit.ts';

/** What a program needs of its worker. */
export interface InstanceHost {
  readonly blobs: Blobs;
  readonly batches: BatchPool;
  readonly modules: ModuleCache;
  readonly temporaryFolder: string;
  /** How long the program may run, not counting what it waits. */
  readonly programLimitMs: number;
  readonly limits: ProgramLimits;
  /** Called whenever the program is about to have the thread, and nobody else until it waits again. */
  readonly onRun: () => void;
  readonly readTree: (digest: Digest) => Directory;
  /** What a module has named by an id. */
  readonly findContent: (program: Digest, id: string) => KnownContent | undefined;
  /** `onWait` is told why nothing moves. */
  readonly newClient: (
    onWait: (line: string) => void,
    headers: ReadonlyMap<string, string>,
  ) => Promise<Client | Failure>;
  readonly onLog: (lines: readonly string[]) => void;
  readonly onClaim: (line: string) => void;
}

/** One run of one program. */
export class Instance {
  readonly #host: InstanceHost;
  readonly #program: ProgramDescription;
  readonly #claims: Claims;
  readonly #requests: Requests;
  readonly #calls: HostCalls;
  readonly #filters: Filters;
  readonly #log: Log;
  readonly #writeBehind: WriteBehind;
  readonly #files: FileSystem;
  readonly #build: DirectoryNode;
  readonly #store: DirectoryNode;
  readonly #descriptors = new DescriptorTable();
  readonly #scanner: ReferenceScanner | undefined;
  readonly #stopFlag: Int32Array;
  readonly #named: NamedContents = new Map();
  #memory: GuestMemory | undefined;
  #lines: string[] = [];
  #abandoned = false;

  constructor(host: InstanceHost, program: ProgramDescription) {
    this.#host = host;
    this.#program = program;
    this.#stopFlag = new Int32Array(program.stopFlag);
    const { limits } = host;
    this.#log = new Log((line) => this.#lines.push(line), limits);
    this.#claims = new Claims((line) => {
      this.#flushLog();
      host.onClaim(line);
    });
    this.#requests = new Requests({
      memory: () => this.#guestMemory(),
      allowed: program.fix !== 'none',
      client: () =>
        host.newClient((line) => {
          this.#lines.push(line);
          this.#flushLog();
        }, program.headers),
      claims: this.#claims,
    });
    this.#calls = new HostCalls({
      isToStop: () => this.#isToStop(),
      hasBegun: () => this.#memory !== undefined,
      limitMs: host.programLimitMs,
      onRun: host.onRun,
      afterCall: () => this.#flushLog(),
    });
    this.#filters = new Filters({
      modules: host.modules,
      moduleLimits: { ...limits, module: programLimits.filterModule, memory: programLimits.filterMemory },
      limitMs: host.programLimitMs,
      onRun: host.onRun,
      log: this.#log,
      isToStop: () => this.#isToStop(),
      afterCall: () => this.#flushLog(),
    });
    this.#scanner = program.candidates.length === 0 ? undefined : new ReferenceScanner(program.candidates);
    const { blobs, temporaryFolder } = host;
    this.#writeBehind = new WriteBehind(blobs, host.batches);
    const contents = {
      blobs,
      writeBehind: this.#writeBehind,
      scanner: this.#scanner,
      temporaryFolder,
      bytes: new Quota(limits.files),
      written: new Quota(limits.written),
      buffers: new BufferShelf(),
    };
    this.#files = new FileSystem(contents, limits);
    const { root } = this.#files;
    this.#build = this.#files.placeDirectory(root, 'build', 'any');
    this.#files.placeDirectory(root, 'tmp', 'any');
    const cab = this.#files.placeDirectory(root, 'cab', 'none');
    this.#store = this.#files.placeDirectory(cab, 'store', { only: new Set(program.outputs.values()) });
    for (const [name, input] of program.inputs)
      placeInput(this.#files, this.#store, name, input, host.readTree);
    // C libraries begin in the root, whichever directory is preopened as `.`.
    if (program.fix !== 'none')
      for (const folder of [this.#build, root]) folder.set('fix', this.#files.newClaims());
  }

  /** Runs the program to its end, be it an end by `abandon`. */
  async run(): Promise<ProgramResult> {
    try {
      return await this.#run();
    } catch (error) {
      return this.#resultOf(error);
    } finally {
      this.#requests.close();
      this.#descriptors.discardAll();
      this.#writeBehind.drop();
    }
  }

  /** The realizer has looked a claim up, and the program may go on. */
  continueAfterClaim(): void {
    this.#claims.answer();
  }

  /** Lets the program run no further than to its next call of the host. */
  abandon(): void {
    this.#abandoned = true;
    this.#requests.close();
    this.#filters.abandon();
    this.#calls.abandon();
  }

  async #run(): Promise<ProgramResult> {
    const loaded = await this.#host.modules.load(this.#program.program, this.#host.limits);
    if (loaded.kind === 'unfit')
      return { outcome: 'failed', reason: `the builder cannot be run: ${loaded.reason}` };
    const functions = this.#functions();
    const misfit = misfitOf(loaded.module, functions);
    if (misfit !== undefined) return { outcome: 'failed', reason: `the builder cannot be run: ${misfit}` };
    if (this.#isToStop()) throw new Abandoned();
    // At once, so that a start function that does not end is known to be this program's.
    this.#host.onRun();
    const instance = new WebAssembly.Instance(loaded.module, functions);
    this.#memory = new GuestMemory(instance.exports['memory'] as WebAssembly.Memory);
    await this.#calls.pause();
    const code = await runToEnd(instance, this.#calls).finally(() => this.#filters.end());
    this.#endLog();
    if (code !== 0) return this.#failed({ reason: `exit code ${code}`, exitCode: code });
    this.#claims.end();
    await this.#calls.whileAbandonable(this.#claims.answered() ?? Promise.resolve());
    return this.#produce();
  }

  async #produce(): Promise<ProgramResult> {
    this.#descriptors.closeAll();
    const outputs = new Map<string, ProducedTree>();
    for (const [output, name] of this.#program.outputs) {
      const node = this.#store.get(name);
      if (node === undefined) {
        return this.#failed({ reason: `it did not make the output '${output}'`, missingOutput: output });
      }
      outputs.set(
        output,
        await produceTree({
          node,
          own: name.slice(0, hashPartLength) as HashPart,
          candidates: this.#program.candidates,
          scanner: this.#scanner,
          named: this.#named,
          pause: () => this.#calls.pause(),
        }),
      );
    }
    return { outcome: 'finished', outputs };
  }

  #functions(): Record<string, HostFunctions> {
    const real = this.#program.fix !== 'none';
    const context: ProgramContext = {
      memory: () => this.#guestMemory(),
      arguments: this.#program.arguments,
      environment: this.#program.environment,
      files: this.#files,
      descriptors: this.#descriptors,
      claims: this.#claims,
      clock: real ? realClock : constantClock,
      clockMoves: real,
      random: real ? realRandom : deterministicRandom(this.#program.seed),
    };
    this.#descriptors.add({ kind: 'empty' });
    this.#descriptors.add({ kind: 'log', sink: this.#log.output });
    this.#descriptors.add({ kind: 'log', sink: this.#log.error });
    this.#descriptors.add({ kind: 'directory', node: this.#build, preopenedAs: '.' });
    this.#descriptors.add({ kind: 'directory', node: this.#files.root, preopenedAs: '/' });
    // A program that may use the network shares its thread, and others get their turn at any call that it makes.
    const answering = (functions: HostFunctions): HostFunctions =>
      real ? this.#calls.suspending(functions) : this.#calls.guarded(functions);
    return {
      wasi_snapshot_preview1: {
        ...answering(systemFunctions(context)),
        ...this.#calls.suspending({ poll_oneoff: pollOneoff(context) }),
      },
      cab: {
        ...answering({
          ...executableBitFunctions(context),
          ...knownContentFunctions(context, this.#knownContent(), this.#named),
          ...this.#requests.functions(),
          ...this.#filters.functions(context),
        }),
        ...this.#calls.suspending({
          ...this.#requests.waitingFunctions(),
          ...this.#filters.waitingFunctions(context),
        }),
      },
    };
  }

  #knownContent(): KnownContentSource {
    const { program, fix, findsParts } = this.#program;
    const { findContent, readTree } = this.#host;
    const find = (id: string): KnownContent | undefined =>
      findsParts ? findContent(program, id) : undefined;
    return { find: fix === 'none' ? undefined : find, readTree };
  }

  #isToStop(): boolean {
    return this.#abandoned || Atomics.load(this.#stopFlag, 0) !== 0;
  }

  #guestMemory(): GuestMemory {
    // A module's own start function can call the host before the memory is known to it.
    if (this.#memory === undefined) throw new MemoryFault();
    return this.#memory;
  }

  #endLog(): void {
    this.#log.end();
    this.#flushLog();
  }

  #flushLog(): void {
    if (this.#lines.length > 0) this.#host.onLog(this.#lines);
    this.#lines = [];
  }

  #resultOf(error: unknown): ProgramResult {
    if (error instanceof Abandoned || this.#isToStop()) return { outcome: 'abandoned' };
    this.#endLog();
    if (error instanceof MalformedClaim)
      return this.#failed({ reason: error.message, malformedClaim: error.line });
    if (error instanceof OutOfTime) return this.#failed({ reason: error.message });
    if (error instanceof TooDeep)
      return this.#failed({ reason: 'its directories lie too deep in one another' });
    if (error instanceof WebAssembly.LinkError)
      return this.#failed({ reason: `the builder cannot be run: ${error.message}` });
    const trap = trapOf(error);
    if (trap !== undefined) return this.#failed({ reason: trap });
    const told = error instanceof DiagnosticError ? error : systemFault(error);
    if (told !== undefined) {
      return { outcome: 'crashed', message: told.message, diagnostics: told.diagnostics };
    }
    return {
      outcome: 'crashed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }

  #failed(
    failure: Omit<Extract<ProgramResult, { outcome: 'failed' }>, 'outcome' | 'requestFailure'>,
  ): ProgramResult {
    const requestFailure = this.#requests.lastFailure;
    return { outcome: 'failed', ...failure, ...(requestFailure === undefined ? {} : { requestFailure }) };
  }
}
