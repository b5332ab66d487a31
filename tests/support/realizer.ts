import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder, removeFolder } from '../../scripts/temporary-folder.ts';
import { type RemoteConfiguration, parseRealizerAddress } from '../../src/realizer/index.ts';
import {
  RealizerServer,
  type ServerEvent,
  readServerConfiguration,
} from '../../src/realizer/server/index.ts';
import { Store } from '../../src/store/index.ts';
import { claimsInLock } from '../../src/workspace/index.ts';
import { type Barrier, startBarrier } from './barrier.ts';

const programsFolder = fileURLToPath(new URL('../../dist/programs', import.meta.url));

export interface RealizerOptions {
  /** Tables of its configuration; whoever comes may do all that clients do unless they say otherwise. */
  readonly toml?: string;
  /** Before the tables, such as `public-address = "…"`. */
  readonly settings?: string;
  readonly observe?: (event: ServerEvent) => void;
}

const anybody = '[anonymous]\nmay = ["read", "write", "execute"]\n';

/** Starts a realizer in this process, with a store of its own, all of which is gone with the test. */
export async function withRealizer(test: TestContext, options: RealizerOptions = {}): Promise<TestRealizer> {
  const folder = await makeTemporaryFolder();
  const barrier = await startBarrier();
  const realizer = new TestRealizer(folder, barrier, options);
  test.after(() => realizer.dispose());
  await realizer.start();
  return realizer;
}

/** A realizer that clients reach through a barrier, which can cut their connections. */
export class TestRealizer {
  readonly folder: string;
  readonly barrier: Barrier;
  readonly #options: RealizerOptions;
  #server: RealizerServer | undefined;
  #store: Store | undefined;

  constructor(folder: string, barrier: Barrier, options: RealizerOptions) {
    this.folder = folder;
    this.barrier = barrier;
    this.#options = options;
  }

  /** Its store, opened a second time. */
  get store(): Store {
    this.#store ??= Store.open(path.join(this.folder, 'store'));
    return this.#store;
  }

  /** Where clients reach it. */
  get address(): string {
    const scheme = this.#options.toml?.includes('[tls]') === true ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${this.barrier.port}`;
  }

  /** As a client would have it in its configuration. */
  configuration(more: Partial<RemoteConfiguration> = {}): RemoteConfiguration {
    const address = parseRealizerAddress(this.address);
    if (address === undefined) throw new Error(`'${this.address}' is no address`);
    return {
      name: 'workshop',
      address,
      token: undefined,
      identity: undefined,
      certificateAuthorities: [],
      ...more,
    };
  }

  async start(): Promise<void> {
    const { settings = '', toml = anybody, observe = () => undefined } = this.#options;
    const file = path.join(this.folder, 'realizer.toml');
    await writeFile(file, `listen = ["tcp:127.0.0.1:0"]\n${settings}\n${toml}`);
    this.#server = await RealizerServer.start({
      configuration: readServerConfiguration({ file, extraAuthorities: undefined, warn: () => undefined }),
      storeFolder: path.join(this.folder, 'store'),
      programsFolder,
      version: '0.1.0',
      readLock: claimsInLock,
      observe,
    });
    this.barrier.target = Number(this.#server.addresses[0]?.split(':').at(-1));
  }

  /** Cuts all connections and ends it, as if it had crashed: clients hear nothing of it. */
  async stop(): Promise<void> {
    this.barrier.close();
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Starts it again with what it has on its disk. */
  async startAgain(): Promise<void> {
    await this.start();
    this.barrier.open();
  }

  /** Removes all that a realizer has which is stopped. */
  async loseStore(): Promise<void> {
    this.#store?.close();
    this.#store = undefined;
    await removeFolder(path.join(this.folder, 'store'));
  }

  /** Has it take no new work, as before an end in good order. */
  async drain(): Promise<void> {
    await this.#server?.drain(60_000);
  }

  async dispose(): Promise<void> {
    this.#store?.close();
    await this.stop();
    await this.barrier.end();
    await removeFolder(this.folder);
  }
}
