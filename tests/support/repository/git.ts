import { spawn } from 'node:child_process';

/** Git as every machine has it: no configuration of the machine or of its user. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

export interface GitOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What git reads from its standard input. */
  readonly input?: Iterable<Uint8Array | string>;
}

/** Runs git and answers what it wrote, without the line break at the end. Throws with git's words if it fails. */
export async function git(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const child = spawn('git', args, {
    cwd: options.folder,
    env: { ...gitEnvironment, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // A git that ends early is reported by its exit code.
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  for (const chunk of options.input ?? []) {
    if (!child.stdin.write(chunk)) await waitForDrain(child.stdin);
  }
  child.stdin.end();
  const code = await ended;
  if (code !== 0)
    throw new Error(`git ${args.join(' ')} ended with ${code}: ${Buffer.concat(errors).toString()}`);
  return Buffer.concat(output).toString().replace(/\n$/, '');
}

function waitForDrain(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle);
      stream.off('close', settle);
      resolve();
    };
    stream.on('drain', settle);
    stream.on('close', settle);
  });
}
