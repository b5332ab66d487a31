import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** Starts a barrier on a port of its own, which is open. */
export async function startBarrier(): Promise<Barrier> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new Barrier(server);
}

/** Stands between clients and a server, lets all through while it is open, and cuts connections without a word. */
export class Barrier {
  readonly port: number;
  /** The port of the server. */
  target = 0;
  /** What has gone through, in bytes, from clients and to them. */
  readonly carried = { up: 0, down: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#join(client));
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Cuts all connections, and every new one at once. */
  close(): void {
    this.#isOpen = false;
    this.cut();
  }

  /** Cuts all connections; new ones get through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async end(): Promise<void> {
    this.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    if (!this.#isOpen) {
      client.destroy();
      return;
    }
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    this.#carry(client, server, (bytes) => (this.carried.up += bytes));
    this.#carry(server, client, (bytes) => (this.carried.down += bytes));
  }

  #carry(from: Socket, to: Socket, count: (bytes: number) => void): void {
    this.#sockets.add(from);
    from.on('data', (piece: Buffer) => count(piece.length));
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
