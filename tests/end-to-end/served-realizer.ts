import { once } from 'node:events';
import { connect } from 'node:net';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { DescService } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { startCommand, type CommandResult } from '../support/index.ts';
import { type CabRig, cabCommand } from '../support/index.ts';

/** What the command prints as soon as it listens. */
interface Told {
  readonly listening: readonly string[];
  readonly metrics?: string;
  readonly store: string;
  readonly token?: string;
}

/** A `cab realizer serve` that a test has started. */
export class ServedRealizer {
  readonly told: Told;
  readonly ended: Promise<CommandResult>;
  readonly #process: ReturnType<typeof startCommand>['process'];
  readonly #lines: Record<string, unknown>[];

  constructor(told: Told, running: ReturnType<typeof startCommand>, lines: Record<string, unknown>[]) {
    this.told = told;
    this.ended = running.ended;
    this.#process = running.process;
    this.#lines = lines;
  }

  /** The lines of its log. */
  get log(): readonly Readonly<Record<string, unknown>>[] {
    return this.#lines;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Ends it, and answers how it ended. */
  end(): Promise<CommandResult> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** Settles when it has logged so many such events, from the beginning on, and answers the last. */
  async logged(event: string, count = 1): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const found = this.#lines.filter((line) => line['event'] === event)[count - 1];
      if (found !== undefined) return found;
      const more = once(this.#process.stderr as Readable, 'data');
      const isOver = await Promise.race([more.then(() => false), this.ended.then(() => true)]);
      if (isOver) throw new Error(`it ended without '${event}': ${JSON.stringify(this.#lines)}`);
    }
  }

  client<Service extends DescService>(
    service: Service,
    { token, authority }: { readonly token?: string; readonly authority?: string } = {},
  ): Client<Service> {
    const [address = ''] = this.told.listening;
    const [, socket] = /^unix:(.*)$/.exec(address) ?? [];
    const scheme = authority === undefined ? 'http' : 'https';
    const transport = createGrpcTransport({
      baseUrl: socket === undefined ? `${scheme}://${address.replace(/^tcp:/, '')}` : 'http://localhost',
      nodeOptions: {
        ...(socket !== undefined && { createConnection: () => connect(socket) }),
        ...(authority !== undefined && { ca: authority }),
      },
      interceptors: [
        (next) => (request) => {
          if (token !== undefined) request.header.set('authorization', `Bearer ${token}`);
          return next(request);
        },
      ],
      idleConnectionTimeoutMs: 300,
    });
    return createClient(service, transport);
  }

  async get(name: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://${this.told.metrics?.replace(/^tcp:/, '')}${name}`);
    return { status: response.status, text: await response.text() };
  }
}

/** Starts the command with a configuration in the rig's folder, and waits until it listens. */
export async function serveRealizer(
  rig: CabRig,
  toml: string | undefined,
  ...words: readonly string[]
): Promise<ServedRealizer> {
  const file = path.join(rig.folder, 'realizer.toml');
  if (toml !== undefined) await writeFile(file, toml);
  const config = toml === undefined ? [] : ['--config', file];
  const running = startCommand(cabCommand, ['realizer', 'serve', '--json', ...config, ...words], {
    folder: rig.folder,
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: rig.home,
      XDG_DATA_HOME: path.join(rig.folder, 'data'),
      ...rig.environment,
    },
  });
  rig.beforeDispose(async () => {
    running.process.kill('SIGKILL');
    await running.ended;
  });
  const lines: Record<string, unknown>[] = [];
  const split = lineSplitter((line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  running.process.stderr?.on('data', split);
  const told = await new Promise<Told>((resolve, reject) => {
    running.process.stdout?.on(
      'data',
      lineSplitter((line) => resolve(JSON.parse(line) as Told)),
    );
    running.ended.then(({ stderr }) => reject(new Error(`it ended before it listened:\n${stderr}`)), reject);
  });
  return new ServedRealizer(told, running, lines);
}

function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
