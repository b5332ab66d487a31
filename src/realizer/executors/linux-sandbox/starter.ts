import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { LineSplitter } from '../lines.ts';

/** The stack of each program in KiB, what most Linux systems give; Cab's own may be larger. */
const stackLimit = 8192;

/**
 * Gives each program the same stack however Cab was started, unless the system allows less. A job is a folder with a script `run`,
 * and one with a FIFO `status`, for the exit code of the script. A shell looks for jobs that have ended only where it is asked for them.
 * Where Cab is no more, neither is anything that was started.
 */
const script = `ulimit -S -s ${stackLimit} 2> /dev/null
while read -r job && read -r pipes; do
  { . "$job/run"; echo "$?" >&9; } 9> "$pipes/status" &
  echo "$! $job"
  jobs > /dev/null
done
kill -KILL 0`;

/**
 * A shell that starts the programs of builds. It is small, and forks in a fraction of the time that this process would take, all of
 * whose memory would have to be shared first.
 */
export class Starter {
  readonly #child: ChildProcess;
  /** What to do with the process of a job once it is there. */
  readonly #awaited = new Map<string, (process: number | undefined) => void>();
  readonly #exit: Promise<void>;
  #hasEnded = false;

  constructor() {
    // A group of its own, which the shell ends as a whole.
    const stdio = ['pipe', 'pipe', 'ignore'] as const;
    this.#child = spawn('/bin/sh', ['-c', script], { stdio: [...stdio], env: {}, cwd: '/', detached: true });
    const lines = new LineSplitter((line) => this.#hear(line));
    this.#child.stdout?.on('data', (piece: Buffer) => lines.write(piece));
    this.#child.stdin?.on('error', () => undefined);
    this.#exit = new Promise((resolve) => {
      for (const event of ['error', 'exit']) this.#child.once(event, () => resolve());
    });
    void this.#exit.then(() => this.#end());
    // What runs a program holds Cab's own process, and not the shell that waits for the next one.
    this.#child.unref();
    for (const stream of this.#child.stdio) if (stream instanceof Socket) stream.unref();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Starts a job; `onStart` is told its process, or nothing where it could not be started. */
  start(job: string, pipes: string, onStart: (process: number | undefined) => void): void {
    this.#awaited.set(job, onStart);
    if (this.#hasEnded) this.#end();
    else this.#child.stdin?.write(`${job}\n${pipes}\n`);
  }

  /** Ends it, with all that it has started. */
  async close(): Promise<void> {
    this.#child.ref();
    this.#child.stdin?.end();
    await this.#exit;
  }

  #hear(line: string): void {
    const space = line.indexOf(' ');
    const job = line.slice(space + 1);
    this.#awaited.get(job)?.(Number(line.slice(0, space)));
    this.#awaited.delete(job);
  }

  #end(): void {
    this.#hasEnded = true;
    for (const onStart of this.#awaited.values()) onStart(undefined);
    this.#awaited.clear();
  }
}
