import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** A host of this machine that lies far away: it passes connections on to a port, and everything takes its time. */
export interface DistantHost extends AsyncDisposable {
  readonly url: string;
}

/**
 * Opens a distant host at an address of the loopback network. Each byte takes `latencyMs` each way; so does the handshake of a
 * connection, which costs its first bytes a way there and back.
 */
export async function openDistantHost(
  address: string,
  port: number,
  latencyMs: number,
): Promise<DistantHost> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    const openedMs = performance.now() + 2 * latencyMs;
    near.on('data', (piece) => later(openedMs, () => far.write(piece)));
    near.on('end', () => later(openedMs, () => far.end()));
    far.on('data', (piece) => later(0, () => near.write(piece)));
    far.on('end', () => later(0, () => near.end()));
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };

  function later(notBeforeMs: number, action: () => void): void {
    setTimeout(action, Math.max(0, notBeforeMs - performance.now()) + latencyMs);
  }
}
