import { connect } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DescService } from '@bufbuild/protobuf';
import { type Client, type Interceptor, type Transport, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import {
  RealizerServer,
  type ServerConfiguration,
  type ServerEvent,
  readServerConfiguration,
} from '../../../../src/realizer/server/index.ts';
import { claimsInLock } from '../../../../src/workspace/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../../support/index.ts';

const programsFolder = fileURLToPath(new URL('../../../../dist/programs', import.meta.url));

export interface RunningOptions {
  /** The configuration in TOML; everybody may do all over a socket unless it says otherwise. */
  readonly toml?: string;
}

/** A server that a test has started, with all its parts, and what it has told. */
export class RunningServer {
  readonly folder: string;
  readonly events: ServerEvent[] = [];
  readonly #transports: Transport[] = [];
  #server: RealizerServer | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  get server(): RealizerServer {
    if (this.#server === undefined) throw new Error('the server has not been started');
    return this.#server;
  }

  get storeFolder(): string {
    return path.join(this.folder, 'store');
  }

  /** Reads the configuration that lies in the folder now. */
  configuration(): ServerConfiguration {
    const file = path.join(this.folder, 'realizer.toml');
    return readServerConfiguration({ file, extraAuthorities: undefined, warn: () => {} });
  }

  async configure(toml: string): Promise<void> {
    await writeFile(path.join(this.folder, 'realizer.toml'), toml);
  }

  async start(): Promise<void> {
    this.#server = await RealizerServer.start({
      configuration: this.configuration(),
      storeFolder: this.storeFolder,
      programsFolder,
      version: '1.2.3',
      readLock: claimsInLock,
      observe: (event) => this.events.push(event),
    });
  }

  client<Service extends DescService>(service: Service, token?: string): Client<Service> {
    return createClient(service, this.transport(token));
  }

  transport(token?: string): Transport {
    const authorize: Interceptor = (next) => (request) => {
      if (token !== undefined) request.header.set('authorization', `Bearer ${token}`);
      return next(request);
    };
    const [address = ''] = this.server.addresses;
    const [, socket] = /^unix:(.*)$/.exec(address) ?? [];
    const transport = createGrpcTransport({
      baseUrl: socket === undefined ? `http://${address.replace(/^tcp:/, '')}` : 'http://localhost',
      nodeOptions: socket === undefined ? {} : { createConnection: () => connect(socket) },
      interceptors: [authorize],
      idleConnectionTimeoutMs: 500,
    });
    this.#transports.push(transport);
    return transport;
  }

  async dispose(): Promise<void> {
    await this.#server?.close();
    await removeFolder(this.folder);
  }
}

/** Starts a server for one test, in this process. */
export async function withServer(context: TestContext, options: RunningOptions = {}): Promise<RunningServer> {
  const folder = await makeTemporaryFolder();
  await mkdir(folder, { recursive: true });
  const running = new RunningServer(folder);
  context.after(() => running.dispose());
  const usual =
    'listen = ["unix:realizer.sock"]\n[local]\nmay = ["read", "write", "execute", "push-assets"]\n';
  await running.configure(options.toml ?? usual);
  await running.start();
  return running;
}
