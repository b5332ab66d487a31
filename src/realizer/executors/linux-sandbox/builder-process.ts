import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { PipeReader, type Pipes, holdPipe, passThrough } from './pipes.ts';
import type { NativeLimits } from '../../program-limits.ts';
import { killTree } from './process-tree.ts';
import type { Starter } from './starter.ts';
import { UseWatch } from './use-watch.ts';

/** How a program ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly code?: number };

/** Takes what a program writes, as it comes; a piece holds only until the next one. */
export interface ProgramStreams {
  readonly output: { write(piece: Uint8Array): void };
  readonly error: { write(piece: Uint8Array): void };
}

/** A file of the machine, or a text in its place, whose lines are none of them `end`. */
export type Copied = { readonly file: string } | { readonly text: string };

/** A program in its sandbox, as it is to be run. */
export interface SandboxedCommand {
  readonly bubblewrap: string;
  readonly options: readonly string[];
  /** What bubblewrap copies in, by the descriptors at which the options say that it is open. */
  readonly copies: ReadonlyMap<number, Copied>;
  readonly command: readonly string[];
  readonly limits: NativeLimits;
}

/** Signals that end a program by a fault of its own or from outside: bubblewrap answers them as 128 and the number. */
const fatalSignals = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const;

/** A program in its sandbox. */
export class BuilderProcess {
  readonly end: Promise<ProcessEnd>;
  readonly #status: string;
  readonly #watch: UseWatch;
  #process: number | undefined;
  #isToEnd = false;

  /** `folder` is the build's own, where what the shell needs to know of it is put. */
  constructor(
    starter: Starter,
    folder: string,
    pipes: Pipes,
    command: SandboxedCommand,
    streams: ProgramStreams,
  ) {
    writeJob(folder, pipes, command);
    this.#status = pipes.status;
    this.#watch = new UseWatch(folder, command.limits, () => this.kill());
    this.end = this.#run(starter, folder, pipes, streams);
  }

  /** What it has used too much of, as a phrase; then it was ended. */
  get excess(): string | undefined {
    return this.#watch.excess;
  }

  /** Ends the program and all that it has started: they die with the first process of the sandbox. */
  kill(): void {
    this.#isToEnd = true;
    if (this.#process === undefined) return;
    killTree(this.#process);
    passThrough(this.#status);
  }

  /** It has ended when nobody writes to its streams any more. */
  async #run(starter: Starter, folder: string, pipes: Pipes, written: ProgramStreams): Promise<ProcessEnd> {
    let code = '';
    // Where one of them cannot be opened the others must not keep this process waiting.
    using streams = new DisposableStack();
    streams.use(this.#watch);
    const output = streams.use(new PipeReader(pipes.output, (piece) => written.output.write(piece)));
    const error = streams.use(new PipeReader(pipes.error, (piece) => written.error.write(piece)));
    const status = streams.use(new PipeReader(pipes.status, (piece) => (code += piece.toString('latin1'))));
    const holds = streams.use(new DisposableStack());
    for (const pipe of [pipes.output, pipes.error]) holds.use(holdPipe(pipe));
    starter.start(folder, pipes.folder, (started) => {
      if (started === undefined) status[Symbol.dispose]();
      else this.#isThere(started);
    });
    await status.end;
    this.#process = undefined;
    holds.dispose();
    await Promise.all([output.end, error.end]);
    return code === '' ? { kind: 'killed', signal: 'SIGKILL' } : endOf(Number(code));
  }

  #isThere(started: number): void {
    this.#process = started;
    if (this.#isToEnd) this.kill();
    else this.#watch.begin(started);
  }
}

/** The options come from a file, since a closure of some thousand inputs is more than a command line holds. */
function writeJob(
  folder: string,
  pipes: Pipes,
  { bubblewrap, options, copies, command, limits }: SandboxedCommand,
): void {
  const optionsFile = path.join(folder, 'options');
  writeFileSync(optionsFile, options.map((option) => `${option}\0`).join(''));
  const words = [bubblewrap, '--args', '3', '--', ...command].map(quoted).join(' ');
  const streams = `< /dev/null > ${quoted(pipes.output)} 2> ${quoted(pipes.error)} 3< ${quoted(optionsFile)} 9>&-`;
  writeFileSync(
    path.join(folder, 'run'),
    `${boundsOf(limits)}${words} ${streams} ${redirectionsOf(copies)}\n`,
  );
}

/** The shell counts the length of files in these, in bytes. */
const blockSize = 512;

/** What the shell has the system see to: the longest file, and that the program goes first where memory is short. */
function boundsOf({ disk }: NativeLimits): string {
  if (disk === Infinity) return '';
  return `ulimit -f ${Math.ceil(disk / blockSize)}; echo 1000 2> /dev/null > /proc/self/oom_score_adj\n`;
}

/** Opens what is to be copied, for the end of a command. */
function redirectionsOf(copies: ReadonlyMap<number, Copied>): string {
  const texts: string[] = [];
  const words = [...copies].map(([descriptor, copied]) => {
    if ('file' in copied) return `${descriptor}< ${quoted(copied.file)}`;
    texts.push(`\n${copied.text}\nend`);
    return `${descriptor}<< 'end'`;
  });
  return words.join(' ') + texts.join('');
}

/** The text as one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function endOf(code: number): ProcessEnd {
  const fatal = fatalSignals.find((name) => constants.signals[name] + 128 === code);
  return fatal === undefined ? { kind: 'exited', code } : { kind: 'killed', signal: fatal, code };
}
