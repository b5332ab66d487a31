import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { cabCommand, makeTemporaryFolder, removeFolder } from '../../support/index.ts';
import { killGroup } from '../../support/run-command.ts';

/** A server that others' clients are pointed at. */
export interface Served {
  /** As in `127.0.0.1:8980`. */
  readonly address: string;
  /** A folder that goes with the test. */
  readonly folder: string;
}

/** `CAB_INTEROPERABILITY_SERVER` names another server, so that these tests can be tried with one that is known to be good. */
const otherServer = process.env['CAB_INTEROPERABILITY_SERVER'];

/** Why what needs a certain configuration cannot be tried, or false. */
export const otherServerReason =
  otherServer === undefined ? false : 'CAB_INTEROPERABILITY_SERVER is not configured by tests';

/** Whoever comes may do what clients do. */
export const openToAll = '[anonymous]\nmay = ["read", "write", "execute"]';

/** Starts a realizer of this checkout that listens at a free port, with what else its configuration says. */
export async function serve(test: TestContext, configuration: string = openToAll): Promise<Served> {
  const folder = await makeTemporaryFolder();
  test.after(() => removeFolder(folder));
  if (otherServer !== undefined) return { address: otherServer, folder };
  await mkdir(path.join(folder, 'home'));
  const file = path.join(folder, 'realizer.toml');
  await writeFile(file, `listen = ["tcp:127.0.0.1:0"]\n${configuration}\n`);
  const child = spawn(cabCommand, ['realizer', 'serve', '--config', file], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: path.join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  test.after(async () => {
    killGroup(child);
    await ended;
  });
  return { address: await readAddress([child.stdout, child.stderr], ended), folder };
}

/** Waits for the line in which the server tells where it listens. */
function readAddress(outputs: readonly Readable[], ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    for (const output of outputs) {
      output.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [, address] = /listening.*?(127\.0\.0\.1:\d+)/.exec(text) ?? [];
        if (address !== undefined) resolve(address);
      });
    }
    void ended.then(() => reject(new Error(`the server ended before it listened:\n${text}`)));
  });
}
