import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
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
    const [there, back] = [makeWay(latencyMs), makeWay(latencyMs)];
    near.on('data', (piece) => there(openedMs, () => far.write(piece)));
    near.on('end', () => there(openedMs, () => far.end()));
    far.on('data', (piece) => back(0, () => near.write(piece)));
    far.on('end', () => back(0, () => near.end()));
    // Who sends a request as the other side closes the connection is told that it is lost.
    far.on('close', () => back(0, () => near.destroySoon()));
    near.on('close', () => there(openedMs, () => far.destroySoon()));
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
}

type Way = (notBeforeMs: number, action: () => void) => void;

/** Does each thing so much later, and never before what came before it: timers of different lengths overtake each other. */
function makeWay(latencyMs: number): Way {
  let last = Promise.resolve();
  return (notBeforeMs, action) => {
    const dueMs = Math.max(performance.now(), notBeforeMs) + latencyMs;
    last = last.then(async () => {
      await setTimeout(Math.max(0, dueMs - performance.now()));
      action();
    });
  };
}
