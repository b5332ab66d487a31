import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** How a run of the command ended, and what it said. */
export interface CommandResult {
  /** The exit code, or null if a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The standard output as JSON; throws with everything that was said if it is none. */
  json(): unknown;
}

/** A run that is under way. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** Resolves once the standard error holds such a text; rejects if the run ends without it. */
  says(pattern: RegExp): Promise<void>;
}

export interface CommandOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What stands in the standard input; nothing where absent. */
  readonly input?: string;
}

/** How long a command may take before it is killed, so that a test that hangs says which command did. */
const limitMs = 180_000;

/** Starts a program with exactly this environment, in a process group of its own. */
export function startCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): RunningCommand {
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { ...options.environment },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  // A program may end before it has read all.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  const ended = new Promise<CommandResult>((resolve, reject) => {
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    const timer = setTimeout(() => killGroup(child), limitMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(makeResult(code, signal, Buffer.concat(output).toString(), Buffer.concat(errors).toString()));
    });
  });
  return { process: child, ended, says: (pattern) => waitForText(child, pattern) };
}

function waitForText(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve();
    });
    child.on('close', () => reject(new Error(`the command ended without saying ${pattern}:\n${text}`)));
  });
}

/** Kills a command with all that it has started in its process group, at once. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in this very moment.
  }
}

function makeResult(
  code: number | null,
  signal: NodeJS.Signals | null,
  stdout: string,
  stderr: string,
): CommandResult {
  return {
    code,
    signal,
    stdout,
    stderr,
    json(): unknown {
      try {
        return JSON.parse(stdout);
      } catch {
        throw new Error(`not JSON (exit code ${code}):\n${stdout}\n--- standard error:\n${stderr}`);
      }
    },
  };
}
