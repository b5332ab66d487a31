import type { Completions } from './completion.ts';
import type { Memory } from './memory.ts';

/** What the process at the terminal asks of the one that evaluates. One answer comes for each, before the next. */
export type Request =
  /** Load what the command line names. */
  | { readonly type: 'open' }
  | { readonly type: 'run'; readonly number: number; readonly text: string }
  | { readonly type: 'recall'; readonly memory: Memory }
  | { readonly type: 'complete'; readonly text: string };

/** `memory` is what another evaluating process has to be told to come to the same names. */
export interface Answer {
  readonly completions?: Completions;
  readonly memory?: Memory;
  readonly isOver?: boolean;
  /** Whether the user has interrupted it: it ends, and another one has to take its place. */
  readonly interrupted?: boolean;
}

/** In the environment of a process that evaluates for one at a terminal. */
export const evaluatorVariable = 'CAB_REPL_EVALUATOR';
