import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { killGroup } from './run-command.ts';

/** How long something may take to be shown, so that a test that hangs says what it waits for. */
const limitMs = 60_000;

export interface TerminalCommand {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A program at a real terminal, with a user who types and reads. */
export class Terminal {
  readonly #child;
  readonly ended: Promise<number | null>;
  #shown = '';
  /** Up to where what is shown has been read. */
  #read = 0;
  #wake: () => void = () => {};

  /** `command` is a line for the shell. */
  constructor(command: string, { folder, environment }: TerminalCommand) {
    const line = `stty cols 100 rows 40; exec ${command}`;
    this.#child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: folder,
      env: { ...environment, TERM: 'xterm', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#shown += chunk.toString();
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits for a text behind what was read before, and reads up to its end. Answers all that was read with it, without colours. */
  async shows(text: string | RegExp): Promise<string> {
    const started = Date.now();
    for (;;) {
      const rest = stripVTControlCharacters(this.#shown).slice(this.#read);
      const found = typeof text === 'string' ? find(rest, text) : text.exec(rest);
      if (found !== null) {
        const end = found.index + found[0].length;
        this.#read += end;
        return rest.slice(0, end);
      }
      if (Date.now() - started > limitMs || this.#child.exitCode !== null)
        throw new Error(`the terminal does not show ${text}, but:\n${rest}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** The process that holds the terminal; the program is its child. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All that was shown, with the terminal's controls. */
  get raw(): string {
    return this.#shown;
  }

  /** Ends the program, as somebody does who closes the window. */
  async kill(): Promise<void> {
    killGroup(this.#child);
    await this.ended;
  }
}

function find(text: string, part: string): { readonly index: number; readonly 0: string } | null {
  const index = text.indexOf(part);
  return index === -1 ? null : { index, 0: part };
}

/** The keys that have no letter. */
export const keys = {
  enter: '\r',
  tab: '\t',
  up: '\u001b[A',
  controlA: '\u0001',
  controlC: '\u0003',
  controlD: '\u0004',
  controlR: '\u0012',
} as const;
