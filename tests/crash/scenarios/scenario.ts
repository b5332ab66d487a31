import { fileURLToPath } from 'node:url';
import type { Place } from '../place.ts';
import { type Report, type Reporter, reportsIn } from '../report.ts';

/** Something that a process does with a store, and in which it may be struck at any moment. */
export interface Scenario {
  readonly name: string;
  /** Makes what it begins with; unharmed, before the process starts. */
  readonly prepare: (place: Place) => void | Promise<void>;
  /** The program of the process and its arguments. */
  readonly words: (place: Place) => readonly [string, ...string[]];
  /** The folders in which the process is struck. */
  readonly watched: (place: Place) => readonly string[];
  readonly environment: (place: Place) => Readonly<Record<string, string>>;
  readonly reportsIn: (output: { readonly stdout: string; readonly stderr: string }) => readonly Report[];
  /** What a whole run reports, but for what a second run on the same store does not do again. */
  readonly lasting: (report: Report) => boolean;
  /** What is there whatever happens, beside what is reported. */
  readonly kept?: (place: Place) => readonly Report[];
  /** Looks at what a run has come to that came to its end. */
  readonly assertDone?: (place: Place) => void;
  /** Whether it is there to put right what is wrong from the beginning. */
  readonly beginsDamaged?: boolean;
}

/** What `program.ts` runs by its name: a scenario that goes through the store's door. */
export interface StoreProgram {
  readonly name: string;
  readonly prepare?: (place: Place) => void | Promise<void>;
  readonly run: (place: Place, report: Reporter) => void | Promise<void>;
}

const runner = fileURLToPath(new URL('../program.ts', import.meta.url));

export function storeScenario({ name, prepare = () => undefined }: StoreProgram): Scenario {
  return {
    name,
    prepare,
    words: ({ store, work }) => [process.execPath, runner, name, store, work],
    // What a scenario does elsewhere is its own doing.
    watched: ({ store }) => [store],
    environment: () => ({}),
    reportsIn: ({ stdout }) => reportsIn(stdout),
    lasting: () => true,
  };
}
