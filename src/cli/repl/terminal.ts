import { unreachable } from '../../foundation/index.ts';
import { Editor } from './editor.ts';
import { EvaluatorProcess, type Outcome } from './evaluator-process.ts';
import { History } from './history.ts';

export interface TerminalOptions {
  /** Those of the command line behind `cab`. */
  readonly words: readonly string[];
  readonly greeting: string;
  /** Whether the command line names something to load. */
  readonly opens: boolean;
  readonly historyFile: string | undefined;
  readonly color: boolean;
}

/** Reads at the terminal, and has another process evaluate, until the user leaves. */
export async function runTerminal(options: TerminalOptions): Promise<void> {
  const evaluator = new EvaluatorProcess(options.words);
  const editor = new Editor({
    history: new History(options.historyFile),
    complete: (text) => evaluator.complete(text),
    onInterrupt: () => evaluator.interrupt(),
  });
  const ending = endOnSignals(editor);
  try {
    process.stdout.write(`${options.greeting}\n`);
    if (options.opens) tell(await evaluator.open(), options.color);
    for (let number = 1; ; number++) {
      const statement = await editor.next();
      if (statement === undefined) return;
      const outcome = await evaluator.run(statement, number);
      tell(outcome, options.color);
      if (outcome.kind === 'done' && outcome.isOver) return;
    }
  } finally {
    ending();
    editor.close();
    evaluator.close();
  }
}

function tell(outcome: Outcome, color: boolean): void {
  const text = wordsFor(outcome);
  if (text !== undefined) process.stderr.write(color ? `\u001b[1;33m${text}\u001b[0m\n` : `${text}\n`);
}

function wordsFor(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'done':
      return undefined;
    case 'interrupted':
      return '\r\u001b[Kinterrupted; the names are as they were';
    case 'lost':
      return `\r\u001b[Kthe evaluation has ended (${outcome.how}), which it does where it needs more memory than there is; the names are as they were`;
    default:
      return unreachable(outcome);
  }
}

/** Who ends the terminal or this process ends the evaluation too. */
function endOnSignals(editor: Editor): () => void {
  const end = (): never => {
    editor.close();
    process.exit(1);
  };
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, end);
  return () => {
    for (const name of ['SIGTERM', 'SIGHUP'] as const) process.off(name, end);
  };
}
