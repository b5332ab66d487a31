import type { ParseArgsOptionDescriptor } from 'node:util';
import type { Emit } from '../foundation/index.ts';

/** An option of a command: what `parseArgs` takes, and what the help says. */
export interface Option extends ParseArgsOptionDescriptor {
  /** What stands behind the option in the help, such as `NAME`; absent for a switch. */
  readonly placeholder?: string;
  readonly description: string;
}

export type OptionValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

/** What a command runs in. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Does what takes its time; only during that `signal` is raised. */
  readonly interruptible: <T>(work: () => Promise<T>) => Promise<T>;
  /** Writes to standard output, which is for results only; false where nobody reads it any more. */
  readonly print: (piece: string | Uint8Array) => boolean;
  readonly color: boolean;
}

/** A command: one file in `commands/`. Expected failures are thrown as `DiagnosticError`. */
export interface Command {
  /** One word, or two, as in `store verify`. */
  readonly name: string;
  /** The usage behind the name, such as `[INSTALLABLE…]`. */
  readonly usage: string;
  readonly summary: string;
  /** Paragraphs and examples for `--help`, wrapped by their author. */
  readonly description: string;
  /** How many words it takes behind its options; any number where absent. */
  readonly wordsLimit?: number;
  readonly options: Readonly<Record<string, Option>>;
  readonly run: (context: CommandContext, values: OptionValues, words: readonly string[]) => Promise<void>;
}
