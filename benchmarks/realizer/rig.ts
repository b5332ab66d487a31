import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cabCommand,
  makeTemporaryFolder,
  openToAll,
  removeFolder,
  startRealizerServer,
} from '../../tests/support/index.ts';
import { findForky, installForky } from '../../tests/interoperability/support/installations.ts';
import type { Contender } from '../measure.ts';
import { processorMsOf } from './process-time.ts';

/** A server of the Remote Execution API on this machine. */
export interface BenchServer {
  readonly name: string;
  /** As in `127.0.0.1:8980`. */
  readonly address: string;
  /** What it has spent of processors since it was started, programs that it ran included. */
  readonly processorMs: () => number;
  readonly stop: () => Promise<unknown>;
}

/** A folder on this machine in which servers have their stores, and clients their files. */
export class RealizerBench implements AsyncDisposable {
  readonly folder: string;
  readonly #servers: BenchServer[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts a realizer of this checkout, with what stands in its configuration besides. */
  async startCab(configuration = ''): Promise<BenchServer> {
    const folder = path.join(this.folder, `cab-${this.#servers.length}`);
    const server = await startRealizerServer({ folder, configuration: `${openToAll}\n${configuration}` });
    const pid = server.process.pid ?? 0;
    return this.#add({ ...server, name: 'cab realizer serve', processorMs: () => processorMsOf(pid) });
  }

  /** Starts buildbox's server, which runs actions itself; undefined where it is not installed. */
  async startCasd(): Promise<BenchServer | undefined> {
    const forky = findForky('buildbox-casd');
    if (forky === undefined) {
      console.log(`\nbuildbox-casd is not installed: ${installForky} gets it`);
      return undefined;
    }
    const folder = path.join(this.folder, `casd-${this.#servers.length}`);
    mkdirSync(folder);
    const address = `127.0.0.1:${await findFreePort()}`;
    const words = ['buildbox-casd', `--bind=${address}`, ...runner, `${folder}/store`];
    const [program = '', ...rest] = forky.command(folder, words);
    const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
    const ended = once(child, 'close');
    await waitForPort(address);
    const pid = child.pid ?? 0;
    const stop = (): Promise<unknown> => {
      child.kill('SIGKILL');
      return ended;
    };
    return this.#add({ name: 'buildbox-casd', address, processorMs: () => processorMsOf(pid), stop });
  }

  /** A program of `load/` that drives a server, measured together with it. */
  load(server: BenchServer, script: string, words: readonly (string | number)[]): Contender {
    const file = fileURLToPath(new URL(`load/${script}.ts`, import.meta.url));
    return {
      name: server.name,
      program: process.execPath,
      args: [file, server.address, ...words.map(String)],
      folder: this.folder,
      environment: { PATH: process.env['PATH'] ?? '', HOME: this.folder },
      othersMs: server.processorMs,
    };
  }

  /** The command of a person who has a realizer far away, in a folder with a store of its own; each run begins with an empty one. */
  client(server: BenchServer, words: readonly string[], prepare: (folder: string) => void): Contender {
    const folder = path.join(this.folder, 'client');
    mkdirSync(folder, { recursive: true });
    const configuration = path.join(folder, 'cab.toml');
    writeFileSync(configuration, `[realizers.far]\naddress = "http://${server.address}"\n`);
    const store = path.join(folder, 'store');
    return {
      name: `cab ${words[0]} --realizer far`,
      program: cabCommand,
      args: [...words, '--realizer', 'far'],
      folder,
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder,
        CAB_STORE: store,
        CAB_CONFIG: configuration,
      },
      othersMs: server.processorMs,
      prepare: async () => {
        await removeFolder(store);
        prepare(folder);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { stop } of this.#servers) await stop();
    await removeFolder(this.folder);
  }

  #add(server: BenchServer): BenchServer {
    this.#servers.push(server);
    return server;
  }
}

/** As many at once as this machine has processors, which is what Cab does unasked. */
const runner = ['--buildbox-run=/usr/bin/buildbox-run-hosttools', '--jobs=2'];

export async function makeRealizerBench(): Promise<RealizerBench> {
  return new RealizerBench(await makeTemporaryFolder());
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until somebody listens there, for some seconds at most. */
async function waitForPort(address: string): Promise<void> {
  const [host = '', port] = address.split(':');
  for (let left = 100; left > 0; left--) {
    const socket = connect(Number(port), host);
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`nobody listens at ${address}`);
}
