import { type Interface, createInterface } from 'node:readline';
import type { Completions } from './completion.ts';
import type { History } from './history.ts';
import { PacedInput } from './paced-input.ts';
import { isUnfinished } from './statement.ts';

/** What Node's line editor has and its types do not tell. */
interface Lines extends Interface {
  /** The newest first; an entry of several lines has them in reverse, between carriage returns. */
  history: string[];
  historyIndex: number;
  isCompletionEnabled: boolean;
  /** Forgets the line, and goes below it. */
  clearLine(): void;
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

export interface EditorOptions {
  readonly history: History;
  readonly complete: (text: string) => Promise<Completions | undefined>;
  /** Ctrl-C while nothing is being typed. */
  readonly onInterrupt: () => void;
}

const prompts = { first: 'cab> ', next: '| ' } as const;

/** Brackets around what is pasted: its tabs are text. */
const pasteBrackets = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const;

/** Reads statements at a terminal, each as many lines as it takes to be finished. */
export class Editor {
  readonly #options: EditorOptions;
  readonly #input: PacedInput;
  readonly #lines: Lines;
  /** The lines of the statement that is being typed, but for the last. */
  #begun = '';
  /** What is searched for in the history, while Ctrl-R is pressed again and again. */
  #search: string | undefined;
  #settle: ((statement: string | undefined) => void) | undefined;
  #isClosed = false;
  #isCompleting = false;
  /** Whether Ctrl-C was pressed while something was completed. */
  #isGivenUp = false;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#input = new PacedInput(process.stdin, () => this.#interrupted());
    this.#lines = createInterface({
      input: this.#input,
      output: process.stdout,
      terminal: true,
      history: [],
      historySize: options.history.entries.length + 1000,
      tabSize: 4,
      completer: (line: string, answer: (error: null, found: [string[], string]) => void) => {
        void this.#complete(line).then((found) => answer(null, found));
      },
    }) as Lines;
    process.stdout.write(pasteBrackets.on);
    this.#lines.on('line', (line) => this.#lineTyped(line));
    this.#lines.on('SIGINT', () => this.#giveUp());
    this.#lines.on('close', () => this.#close());
    this.#input.on('keypress', (_text: string | undefined, key: Key) => this.#keyPressed(key));
  }

  /** The next statement, or undefined where the user leaves. */
  async next(): Promise<string | undefined> {
    if (this.#isClosed) return undefined;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#settle = resolve;
    this.#begun = '';
    this.#lines.history = this.#options.history.entries.map(forNode).toReversed();
    this.#prompt(prompts.first);
    return await promise;
  }

  close(): void {
    this.#lines.close();
  }

  #prompt(prompt: string): void {
    this.#lines.setPrompt(prompt);
    this.#lines.prompt();
    this.#input.ask();
  }

  #lineTyped(line: string): void {
    const text = line.replaceAll('\r', '\n');
    const whole = this.#begun === '' ? text : `${this.#begun}\n${text}`;
    if (whole.trim() === '') return this.#prompt(prompts.first);
    if (isUnfinished(whole)) {
      this.#begun = whole;
      return this.#prompt(prompts.next);
    }
    this.#options.history.add(whole);
    this.#finish(whole);
  }

  /** Ctrl-C while something is at work; where that is a completion, nobody wants the line any more. */
  #interrupted(): void {
    this.#isGivenUp = this.#isCompleting;
    this.#options.onInterrupt();
  }

  /** Ctrl-C forgets what is being typed. */
  #giveUp(): void {
    const isEmpty = this.#begun === '' && this.#lines.line === '';
    this.#lines.write(null, { ctrl: true, name: 'e' });
    process.stdout.write(isEmpty ? '(Ctrl-D leaves)' : '^C');
    this.#lines.clearLine();
    this.#begun = '';
    this.#prompt(prompts.first);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.stdout.write(`${pasteBrackets.off}${this.#settle === undefined ? '' : '\n'}`);
    this.#input.release();
    this.#finish(undefined);
  }

  #finish(statement: string | undefined): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(statement);
  }

  #keyPressed({ name, ctrl }: Key): void {
    if (name === 'paste-start' || name === 'paste-end') {
      this.#lines.isCompletionEnabled = name === 'paste-end';
    }
    // A tab that completes nothing is over.
    if (name === 'tab' && !this.#lines.isCompletionEnabled) this.#input.ask();
    if (ctrl === true && name === 'r') this.#searchBack();
    else this.#search = undefined;
  }

  /** Ctrl-R: the next older entry of the history that has what was typed in it. */
  #searchBack(): void {
    const { history, line } = this.#lines;
    this.#search ??= line;
    const from = this.#lines.historyIndex + 1;
    const found = history.findIndex(
      (entry, at) => at >= from && entry.includes(this.#search ?? '') && entry !== line,
    );
    if (found === -1) return void process.stdout.write('\u0007');
    this.#lines.historyIndex = found - 1;
    this.#lines.write(null, { ctrl: true, name: 'p' });
  }

  async #complete(line: string): Promise<[string[], string]> {
    const text = this.#begun === '' ? line : `${this.#begun}\n${line}`;
    this.#isCompleting = true;
    this.#isGivenUp = false;
    const found = await this.#options.complete(text);
    this.#isCompleting = false;
    this.#input.ask();
    if (this.#isGivenUp) setImmediate(() => this.#giveUp());
    if (found === undefined) return [[], ''];
    return [[...found.candidates], found.replaced === 0 ? '' : line.slice(-found.replaced)];
  }
}

/** As Node's line editor keeps entries of several lines. */
function forNode(entry: string): string {
  return entry.split('\n').toReversed().join('\r');
}
