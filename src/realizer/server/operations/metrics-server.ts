import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from '../transport/addresses.ts';
import { answerTo } from './endpoints.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';
import type { Observe } from './server-event.ts';

/** Whoever asks for metrics has little to say, and sends it at once. */
const requestTimeoutMs = 10_000;
const connectionsLimit = 64;

/** Serves metrics and health over plain HTTP, at an address apart from the clients': who reaches it needs no token. */
export class MetricsServer {
  readonly address: ListenAddress;
  readonly #server: Server;

  private constructor(server: Server, address: ListenAddress) {
    this.#server = server;
    this.address = address;
  }

  static async start(
    address: ListenAddress,
    { lifecycle, metrics, observe }: { lifecycle: Lifecycle; metrics: Metrics; observe: Observe },
  ): Promise<MetricsServer> {
    const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
      answer(request, response, lifecycle, metrics).catch((error: unknown) => {
        observe({ type: 'fault', where: 'metrics', error });
        response.destroy();
      });
    });
    server.maxConnections = connectionsLimit;
    if (address.kind === 'unix') server.listen(address.path);
    else server.listen(address.port, address.host);
    await once(server, 'listening');
    const bound = server.address() as AddressInfo | string;
    const port = typeof bound === 'string' ? {} : { port: bound.port };
    return new MetricsServer(server, { ...address, ...port });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  lifecycle: Lifecycle,
  metrics: Metrics,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const path = (request.url ?? '/').split('?')[0] as string;
  const found = await answerTo(path, lifecycle, metrics);
  const { status, type, body } = found ?? { status: 404, type: 'text/plain', body: 'not found\n' };
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
