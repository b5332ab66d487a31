interface Waiting {
  readonly priority: number;
  readonly start: () => void;
}

/** What is asked of a queue: whose turn it takes, and where it stands among what the same client has waiting. */
export interface Ticket {
  readonly client: string;
  /** What has a lower one runs sooner. */
  readonly priority: number;
}

/**
 * Lets so many run at once. The clients that wait take turns, whatever each of them has waiting; what one client has waiting goes by
 * its priority, and then in the order in which it came. So no client can put its work before that of others.
 */
export class FairQueue {
  readonly capacity: number;
  readonly #clients = new Map<string, Waiting[]>();
  #running = 0;
  #queued = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Waits for a place, which is free again when it is disposed of. @throws the signal's reason. */
  async enter(ticket: Ticket, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#running < this.capacity) this.#running++;
    else await this.#wait(ticket, signal);
    let isFree = false;
    return {
      [Symbol.dispose]: () => {
        if (isFree) return;
        isFree = true;
        this.#leave();
      },
    };
  }

  #wait({ client, priority }: Ticket, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#remove(client, waiting);
        reject(signal.reason as Error);
      };
      const start = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const waiting = { priority, start };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#add(client, waiting);
    });
  }

  #add(client: string, waiting: Waiting): void {
    const others = this.#clients.get(client) ?? [];
    // Most often the last place is the right one.
    let place = others.length;
    while (place > 0 && (others[place - 1] as Waiting).priority > waiting.priority) place--;
    others.splice(place, 0, waiting);
    this.#clients.set(client, others);
    this.#queued++;
  }

  #remove(client: string, waiting: Waiting): void {
    const others = this.#clients.get(client) ?? [];
    const place = others.indexOf(waiting);
    if (place === -1) return;
    others.splice(place, 1);
    this.#queued--;
    if (others.length === 0) this.#clients.delete(client);
  }

  /** The place goes to the client whose turn it is, who comes last then. */
  #leave(): void {
    const [next] = this.#clients;
    if (next === undefined) {
      this.#running--;
      return;
    }
    const [client, waiting] = next;
    const first = waiting.shift();
    this.#queued--;
    this.#clients.delete(client);
    if (waiting.length > 0) this.#clients.set(client, waiting);
    first?.start();
  }
}
