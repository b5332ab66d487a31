import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type ClientHttp2Session, connect } from 'node:http2';
import { type Socket, connect as connectSocket } from 'node:net';
import type { TestContext } from 'node:test';
import { createClient } from '@connectrpc/connect';
import { Capabilities } from '../../../../src/realizer/protocol/index.ts';
import type { Right } from '../../../../src/realizer/server/index.ts';
import { type RunningServer, withServer } from '../../server/support/running-server.ts';

/** A server with all its services that is attacked, and is to serve others meanwhile. */
export class Attacked {
  readonly running: RunningServer;
  readonly port: number;
  readonly #sessions: ClientHttp2Session[] = [];

  constructor(running: RunningServer) {
    this.running = running;
    this.port = Number(running.server.addresses[0]?.split(':').at(-1));
  }

  /** `configuration` is what stands in it besides clients. */
  static async start(context: TestContext, configuration = ''): Promise<Attacked> {
    const all: readonly Right[] = ['read', 'write', 'execute', 'push-assets'];
    const clients = [
      client('all', all),
      client('nothing', []),
      ...all.map((right) => client(right, [right])),
    ];
    const toml = `listen = ["tcp:127.0.0.1:0"]\n${clients.join('')}${configuration}`;
    const attacked = new Attacked(await withServer(context, { toml }));
    context.after(() => {
      for (const session of attacked.#sessions) session.destroy();
    });
    return attacked;
  }

  session(): ClientHttp2Session {
    const session = connect(`http://127.0.0.1:${this.port}`);
    session.on('error', () => undefined);
    this.#sessions.push(session);
    return session;
  }

  /** A connection of bytes. */
  socket(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connectSocket(this.port, '127.0.0.1', () => resolve(socket));
      socket.once('error', reject);
      socket.on('error', () => undefined);
    });
  }

  /** Makes a call of a client that is no attacker; answers how long it took, in milliseconds. */
  async serves(): Promise<number> {
    const startedMs = performance.now();
    const answer = await createClient(Capabilities, this.running.transport('all')).getCapabilities({});
    assert.equal(answer.lowApiVersion?.major, 2);
    return performance.now() - startedMs;
  }

  /** All that the server has told, as its log would have it. */
  get told(): string {
    return JSON.stringify(this.running.events, (_key, value: unknown) =>
      value instanceof Error ? value.stack : typeof value === 'bigint' ? String(value) : value,
    );
  }

  /** What went wrong in the server that nobody had foreseen. */
  get faults(): readonly string[] {
    return this.running.events.flatMap((event) => {
      if (event.type === 'fault') return [`${event.where}: ${String(event.error)}`];
      return event.type === 'noted' && event.record.event === 'call-failed'
        ? [JSON.stringify(event.record.facts)]
        : [];
    });
  }
}

function client(name: string, may: readonly Right[]): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `[clients.${name}]\ntoken-sha256 = "${hash}"\nmay = ${JSON.stringify(may)}\n`;
}
