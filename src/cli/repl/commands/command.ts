import type { Source } from '../../../diagnostics/index.ts';
import type { Session } from '../session.ts';

/** What stands behind a command's name. */
export interface CommandArgument {
  readonly text: string;
  /** The same, with places that lead to what was typed. */
  readonly source: Source;
}

/** A command of the repl, such as `:type`. Expected failures are thrown as `DiagnosticError`. */
export interface ReplCommand {
  readonly name: string;
  /** A letter that stands for it, where its name's first letter would not tell it from others. */
  readonly short?: string;
  readonly usage: string;
  readonly summary: string;
  /** What is completed behind it; nothing where absent. */
  readonly completes?: 'expression' | 'file' | 'command';
  readonly run: (session: Session, argument: CommandArgument) => Promise<void> | void;
}
