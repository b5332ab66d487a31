import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Log } from '../log.ts';

/** How a program ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly code?: number };

/** Signals that end a program by a fault of its own or from outside: bubblewrap answers them as 128 and the number. */
const fatalSignals = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const;

/** The stack of each program in KiB, what most Linux systems give; Cab's own may be larger. */
const stackLimit = 8192;

/** Gives the program the same stack however Cab was started. A lower limit of the system's cannot be raised, and stays. */
const script = `ulimit -S -s ${stackLimit} 2> /dev/null; exec "$0" "$@"`;

/** A program in its sandbox. */
export class BuilderProcess {
  readonly end: Promise<ProcessEnd>;
  readonly #child: ChildProcess;

  constructor(bubblewrap: string, options: readonly string[], command: readonly string[], log: Log) {
    // The options come through a pipe, since a closure of some thousand inputs is more than a command line holds.
    const child = spawn('/bin/sh', ['-c', script, bubblewrap, '--args', '3', '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
    });
    this.#child = child;
    this.end = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(endOf(code, signal)));
    });
    child.stdout?.on('data', (piece: Buffer) => log.output.write(piece));
    child.stderr?.on('data', (piece: Buffer) => log.error.write(piece));
    const pipe = child.stdio[3];
    if (pipe === null || pipe === undefined || !('end' in pipe))
      throw new Error('there is no pipe for the options');
    // Where bubblewrap ends before it has read them, its end says so.
    pipe.on('error', () => undefined);
    pipe.end(options.map((option) => `${option}\0`).join(''));
  }

  /** Ends the program and all that it has started: they die with bubblewrap. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function endOf(code: number | null, signal: string | null): ProcessEnd {
  if (signal !== null) return { kind: 'killed', signal };
  const exitCode = code ?? 0;
  const fatal = fatalSignals.find((name) => constants.signals[name] + 128 === exitCode);
  return fatal === undefined
    ? { kind: 'exited', code: exitCode }
    : { kind: 'killed', signal: fatal, code: exitCode };
}
