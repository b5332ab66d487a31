import { isTurnOver, nextTurn } from '../../../foundation/index.ts';
import { errno } from './files/errno.ts';
import { MemoryFault } from './guest-memory.ts';
import type { HostFunctions } from './host-functions.ts';
import { OutOfTime } from './time-limit.ts';

type Call = HostFunctions[string];

/** Ends a program that no one waits for any more: thrown through its frames. */
export class Abandoned extends Error {}

export interface HostCallsOptions {
  /** Whether the program is to go no further than to its next call. */
  readonly isToStop: () => boolean;
  /** Whether the program can wait at all: while a module is being made it cannot. */
  readonly hasBegun: () => boolean;
  /** How long the program may run, not counting what it waits. */
  readonly limitMs: number;
  /** Called whenever the program is about to have the thread. */
  readonly onRun: () => void;
  /** Called behind each call that the host has answered at once. */
  readonly afterCall: () => void;
}

/** The calls that one program makes of the host: where it can be ended, and where it waits. */
export class HostCalls {
  readonly #options: HostCallsOptions;
  #rejectSuspension: ((error: Error) => void) | undefined;
  #resumedMs = performance.now();
  #usedMs = 0;
  #end: Error | undefined;

  constructor(options: HostCallsOptions) {
    this.#options = options;
  }

  /** By what the host has ended the program. It may have caught that, but comes no further than to its next call. */
  get end(): Error | undefined {
    return this.#end;
  }

  begin(): void {
    this.#resumedMs = performance.now();
    this.#options.onRun();
  }

  /** Functions that end abandoned programs, and answer pointers beyond the memory by an error number. */
  guarded(functions: HostFunctions): HostFunctions {
    return mapFunctions(functions, (call) => this.#guard(call));
  }

  /**
   * The same for those that may wait, during which the program's frames lie aside. Whether they have to or not, a program that
   * has had its thread for long waits there until others have had it.
   */
  suspending(functions: HostFunctions): HostFunctions {
    return mapFunctions(functions, (call) => {
      const guarded = this.#guard(call);
      const suspending = (...parameters: unknown[]): number | void | Promise<number> => {
        const answer = guarded(...parameters);
        if (answer instanceof Promise) return this.whileAbandonable(inTurn(answer));
        if (!isTurnOver() || !this.#options.hasBegun()) return answer;
        return this.whileAbandonable(nextTurn().then(() => answer as number));
      };
      return new WebAssembly.Suspending(suspending) as unknown as Call;
    });
  }

  /** What the host does for long on the program's behalf pauses in the same way; undefined where it need not. */
  pause(): Promise<void> | undefined {
    return isTurnOver() ? this.whileAbandonable(nextTurn()) : undefined;
  }

  /** Waits on the program's behalf, no longer than until it is abandoned. */
  whileAbandonable<T>(promise: Promise<T>): Promise<T> {
    const waited = new Promise<T>((resolve, reject) => {
      this.#rejectSuspension = reject;
      promise.then((value) => {
        this.#resumedMs = performance.now();
        resolve(value);
      }, reject);
      this.#usedMs += performance.now() - this.#resumedMs;
      if (this.#options.isToStop()) reject(new Abandoned());
      if (this.#usedMs > this.#options.limitMs) reject(new OutOfTime(this.#options.limitMs));
    });
    // The program goes on in the very next task, as it began to wait for the same promise later.
    waited.then(this.#options.onRun, (error: unknown) => {
      this.#end ??= error as Error;
      this.#options.onRun();
    });
    return waited;
  }

  /** Ends the program where it waits. */
  abandon(): void {
    this.#rejectSuspension?.(new Abandoned());
  }

  #guard(call: Call): Call {
    return (...parameters) => {
      if (this.#end !== undefined) throw this.#end;
      if (this.#options.isToStop()) throw new Abandoned();
      try {
        const answer = call(...parameters);
        this.#options.afterCall();
        return answer;
      } catch (error) {
        if (error instanceof MemoryFault) return errno.fault;
        this.#end = error as Error;
        throw error;
      }
    };
  }
}

/** Whoever has waited goes on when it is its turn: what many wait for may come for all of them at once. */
async function inTurn(answer: Promise<number>): Promise<number> {
  const value = await answer;
  if (isTurnOver()) await nextTurn();
  return value;
}

function mapFunctions(functions: HostFunctions, change: (call: Call) => Call): HostFunctions {
  return Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, change(call)]));
}
