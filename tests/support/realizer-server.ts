import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { cabCommand } from './cab-rig.ts';
import { killGroup } from './run-command.ts';

/** A realizer of this checkout that serves. */
export interface RealizerServer {
  /** As in `127.0.0.1:8980`. */
  readonly address: string;
  readonly process: ChildProcess;
  /** What it has said so far. */
  readonly log: () => string;
  /** Ends it at once, with all that it has started. */
  readonly stop: () => Promise<void>;
}

export interface RealizerServerOptions {
  /** Where its configuration and its home are made. */
  readonly folder: string;
  /** What stands in its configuration but for where it listens. */
  readonly configuration: string;
  /** The address at which it listens; the loopback interface's unless said otherwise. */
  readonly host?: string;
  /** How a program is started where it is to run; here unless said otherwise. */
  readonly command?: (words: readonly string[]) => readonly [string, ...string[]];
}

/** Whoever comes may do what clients do. */
export const openToAll = '[anonymous]\nmay = ["read", "write", "execute"]';

/** Starts a server at a free port, and waits until it listens. */
export async function startRealizerServer(options: RealizerServerOptions): Promise<RealizerServer> {
  const { folder, configuration, host = '127.0.0.1', command = (words) => words } = options;
  const home = path.join(folder, 'home');
  await mkdir(home, { recursive: true });
  const file = path.join(folder, 'realizer.toml');
  await writeFile(file, `listen = ["tcp:${host}:0"]\n${configuration}\n`);
  const [program = '', ...words] = command([cabCommand, 'realizer', 'serve', '--config', file]);
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = (): Promise<void> => {
    killGroup(child);
    return ended;
  };
  let text = '';
  const log = (): string => text;
  const address = await new Promise<string>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr] satisfies Readable[]) {
      output.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [, port] = /listening.*?:(\d+)(?=["\s])/.exec(text) ?? [];
        if (port !== undefined) resolve(`${host}:${port}`);
      });
    }
    child.once('error', reject);
    void ended.then(() => reject(new Error(`the server ended before it listened:\n${text}`)));
  });
  return { address, process: child, log, stop };
}
