import type { Socket } from 'node:net';

/** What all connections have carried, in bytes. */
export interface Carried {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Counts what goes over the connections of a server, with all that encryption adds. */
export class Traffic {
  readonly #open = new Set<Socket>();
  #receivedBytes = 0;
  #sentBytes = 0;
  #count = 0;

  add(socket: Socket): void {
    this.#open.add(socket);
    this.#count += 1;
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#receivedBytes += socket.bytesRead;
      this.#sentBytes += socket.bytesWritten;
    });
  }

  get open(): number {
    return this.#open.size;
  }

  /** How many connections there have been. */
  get count(): number {
    return this.#count;
  }

  get carried(): Carried {
    let [receivedBytes, sentBytes] = [this.#receivedBytes, this.#sentBytes];
    for (const socket of this.#open) {
      receivedBytes += socket.bytesRead;
      sentBytes += socket.bytesWritten;
    }
    return { receivedBytes, sentBytes };
  }
}
