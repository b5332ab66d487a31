import type { LogStream } from '../../log.ts';
import { GuestMemory, MemoryFault } from '../guest-memory.ts';
import { Abandoned, HostCalls } from '../host-calls.ts';
import type { HostFunctions } from '../host-functions.ts';
import { misfitOf } from '../module.ts';
import type { ProgramContext } from '../program-context.ts';
import { runToEnd, trapOf } from '../program-end.ts';
import {
  DescriptorTable,
  constantClock,
  deterministicRandom,
  pollOneoff,
  systemFunctions,
} from '../system/index.ts';
import { filterErrors } from './error-numbers.ts';
import { Streams } from './streams.ts';

export interface FilterOptions {
  /** As the program that opened it calls it. */
  readonly name: string;
  /** That program's, of which the filter sees no files, no environment and no clock. */
  readonly context: ProgramContext;
  readonly log: LogStream;
  readonly limitMs: number;
  /** Whether that program is to end. */
  readonly isToStop: () => boolean;
  readonly afterCall: () => void;
  readonly onRun: () => void;
}

/** How a filter ended: what its reader is answered then, or a fault of the host. */
type FilterEnd =
  { readonly kind: 'ended'; readonly answer: number } | { readonly kind: 'crashed'; readonly error: unknown };

/**
 * A program that runs beside the one that opened it, in the same thread: each goes on only where the other waits. What it
 * writes depends on nothing but what it reads.
 */
export class Filter {
  readonly #options: FilterOptions;
  readonly #streams = new Streams();
  readonly #calls: HostCalls;
  #memory: GuestMemory | undefined;
  #closed = false;
  #hasComplained = false;
  #end: FilterEnd | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(options: FilterOptions) {
    this.#options = options;
    this.#calls = new HostCalls({
      isToStop: () => this.#isToStop(),
      hasBegun: () => this.#memory !== undefined,
      limitMs: options.limitMs,
      afterCall: options.afterCall,
      onRun: options.onRun,
    });
  }

  /** Starts it; answers what is wrong with the module where that cannot be. */
  async start(module: WebAssembly.Module): Promise<string | undefined> {
    const functions = this.#functions();
    const misfit = misfitOf(module, functions);
    if (misfit !== undefined) return misfit;
    try {
      this.#options.onRun();
      const instance = new WebAssembly.Instance(module, functions);
      this.#memory = new GuestMemory(instance.exports['memory'] as WebAssembly.Memory);
      if (!this.#isToStop()) this.#done = this.#run(instance);
      return undefined;
    } catch (error) {
      const reason = error instanceof WebAssembly.LinkError ? error.message : trapOf(error);
      if (reason === undefined) throw error;
      return reason;
    }
  }

  /** Settles when it has ended. */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Takes as much of the input as there is room for; a negative number where it has failed. */
  write(piece: Uint8Array): number {
    return this.#failure() ?? this.#streams.write(piece);
  }

  endInput(): number {
    this.#streams.endInput();
    return this.#failure() ?? 0;
  }

  /**
   * What it has written, as far as the target holds it; 0 where it waits for more input, or has ended well; a negative number where
   * it has failed. Undefined where `progress` has to be waited for first.
   */
  read(target: Uint8Array): number | undefined {
    const length = this.#streams.read(target);
    if (length > 0) return length;
    if (this.#end !== undefined) return this.#failure() ?? 0;
    return this.#streams.waitsForInput ? 0 : undefined;
  }

  progress(): Promise<void> {
    return this.#streams.progress();
  }

  /** Lets it run no further than to its next call of the host. */
  close(): void {
    this.#closed = true;
    this.#calls.abandon();
    this.#streams.close();
  }

  #isToStop(): boolean {
    return this.#closed || this.#options.isToStop();
  }

  #failure(): number | undefined {
    if (this.#end === undefined) return undefined;
    if (this.#end.kind === 'crashed') throw this.#end.error;
    return this.#end.answer === 0 ? undefined : this.#end.answer;
  }

  async #run(instance: WebAssembly.Instance): Promise<void> {
    try {
      this.#end = { kind: 'ended', answer: this.#judge(await runToEnd(instance, this.#calls)) };
    } catch (error) {
      this.#end = this.#endBy(error);
    }
    this.#options.log.end();
    this.#options.afterCall();
    this.#streams.end();
  }

  #judge(code: number): number {
    // Whoever ends with a code has mostly said why.
    if (code !== 0 && !this.#hasComplained) this.#report(`ended with exit code ${code}`);
    if (code !== 0) return code < 256 ? -code : filterErrors.failed;
    if (this.#streams.isInputUsedUp) return 0;
    this.#report('ended before its input did');
    return filterErrors.failed;
  }

  #endBy(error: unknown): FilterEnd {
    if (error instanceof Abandoned) return { kind: 'ended', answer: filterErrors.failed };
    const trap = trapOf(error);
    if (trap === undefined) return { kind: 'crashed', error };
    this.#report(`ended by a ${trap}`);
    return { kind: 'ended', answer: filterErrors.failed };
  }

  #report(how: string): void {
    const { log, name } = this.#options;
    log.end();
    log.write(Buffer.from(`the filter '${name}' ${how}\n`));
  }

  #functions(): Record<string, HostFunctions> {
    const { name, log } = this.#options;
    const descriptors = new DescriptorTable();
    const context: ProgramContext = {
      ...this.#options.context,
      memory: () => this.#guestMemory(),
      arguments: [name],
      environment: {},
      descriptors,
      clock: constantClock,
      clockMoves: false,
      random: deterministicRandom('filter'),
    };
    const complain = (piece: Uint8Array): void => {
      this.#hasComplained = true;
      log.write(piece);
    };
    descriptors.add({ kind: 'input' });
    descriptors.add({ kind: 'output' });
    descriptors.add({ kind: 'log', sink: { write: complain } });
    const system = systemFunctions(context);
    return {
      wasi_snapshot_preview1: {
        ...this.#calls.guarded({ ...system, poll_oneoff: pollOneoff(context) }),
        ...this.#calls.suspending(this.#streams.functions(context, system)),
      },
    };
  }

  #guestMemory(): GuestMemory {
    // A module's own start function can call the host before the memory is known to it.
    if (this.#memory === undefined) throw new MemoryFault();
    return this.#memory;
  }
}
