import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Log } from '../log.ts';

/** How a program ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly code?: number };

/** A file of the machine, or a text in its place, whose lines are none of them `end`. */
export type Copied = { readonly file: string } | { readonly text: string };

/** A program in its sandbox, as it is to be run. */
export interface SandboxedCommand {
  readonly bubblewrap: string;
  readonly options: readonly string[];
  /** What bubblewrap copies in, by the descriptors at which the options say that it is open. */
  readonly copies: ReadonlyMap<number, Copied>;
  readonly command: readonly string[];
  readonly log: Log;
}

/** Signals that end a program by a fault of its own or from outside: bubblewrap answers them as 128 and the number. */
const fatalSignals = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const;

/** The stack of each program in KiB, what most Linux systems give; Cab's own may be larger. */
const stackLimit = 8192;

/** Gives the program the same stack however Cab was started. A lower limit of the system's cannot be raised, and stays. */
const setStack = `ulimit -S -s ${stackLimit} 2> /dev/null`;

/** Up to this length in bytes a command can be passed on whatever the limits of this process are. */
const shortCommand = 64 * 1024;

/**
 * The process that becomes a program in its sandbox. It begins as a shell that waits to be told what to become, and can be started
 * ahead: starting a process takes as long as many a program runs.
 */
export class BuilderProcess {
  #child: ChildProcess;
  #end: Promise<ProcessEnd>;
  #hasEnded = false;

  constructor() {
    [this.#child, this.#end] = this.#start([]);
  }

  /** Whether it is not there any more, for whatever reason. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Runs the program to its end. */
  run({ bubblewrap, options, copies, command, log }: SandboxedCommand): Promise<ProcessEnd> {
    this.#hold();
    const input = `< /dev/null ${redirectionsOf(copies)}`;
    // The options come through a pipe, since a closure of some thousand inputs is more than a command line holds.
    const words = [bubblewrap, '--args', '3', '--', ...command];
    const text = words.map(quoted).join(' ');
    if (text.length <= shortCommand) {
      this.#child.stdin?.end(`exec ${text} ${input}\n`);
    } else {
      // What is too long for this process fails where the system says so, and not in the shell.
      this.kill();
      const script = `${setStack}; exec "$0" "$@" ${input}`;
      [this.#child, this.#end] = this.#start(['-c', script, ...words]);
      this.#hold();
    }
    this.#child.stdout?.on('data', (piece: Buffer) => log.output.write(piece));
    this.#child.stderr?.on('data', (piece: Buffer) => log.error.write(piece));
    const pipe = this.#child.stdio[3];
    if (pipe === null || pipe === undefined || !('end' in pipe))
      throw new Error('there is no pipe for the options');
    // Where bubblewrap ends before it has read them, its end says so.
    pipe.on('error', () => undefined);
    pipe.end(options.map((option) => `${option}\0`).join(''));
    return this.#end;
  }

  /** Ends the program and all that it has started: they die with bubblewrap. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #start(args: readonly string[]): [ChildProcess, Promise<ProcessEnd>] {
    const child = spawn('/bin/sh', args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: {}, cwd: '/' });
    const end = new Promise<ProcessEnd>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#hasEnded = child === this.#child;
        resolve(endOf(code, signal));
      });
    });
    // Of one that is never run, nobody asks how it ended.
    end.catch(() => undefined);
    child.stdin?.on('error', () => undefined);
    if (args.length === 0) child.stdin?.write(`${setStack}\n`);
    for (const handle of handlesOf(child)) handle.unref();
    return [child, end];
  }

  /** Only what runs a program holds Cab's own process. */
  #hold(): void {
    for (const handle of handlesOf(this.#child)) handle.ref();
  }
}

function handlesOf(child: ChildProcess): readonly Pick<ChildProcess, 'ref' | 'unref'>[] {
  return [child, ...child.stdio.filter((stream) => stream instanceof Socket)];
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

function endOf(code: number | null, signal: string | null): ProcessEnd {
  if (signal !== null) return { kind: 'killed', signal };
  const exitCode = code ?? 0;
  const fatal = fatalSignals.find((name) => constants.signals[name] + 128 === exitCode);
  return fatal === undefined
    ? { kind: 'exited', code: exitCode }
    : { kind: 'killed', signal: fatal, code: exitCode };
}
