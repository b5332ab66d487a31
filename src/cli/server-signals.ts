import type { Observe, RealizerServer, ServerConfiguration } from '../realizer/server/index.ts';

export interface Reloading {
  readonly read: () => ServerConfiguration;
  readonly observe: Observe;
}

/** What the system tells a server: to end, to end at once, to read its configuration again. */
export class ServerSignals {
  readonly #first = Promise.withResolvers<void>();
  readonly #second = Promise.withResolvers<void>();
  #count = 0;
  #reload: (() => void) | undefined;

  constructor() {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, this.#end);
    process.on('SIGHUP', this.#hangUp);
  }

  /** Settles when the server has ended. */
  async serve(server: RealizerServer, drainMs: number, { read, observe }: Reloading): Promise<void> {
    this.#reload = () => {
      reload(server, read).catch((error: unknown) => {
        observe({ type: 'reload-failed', message: (error as Error).message });
      });
    };
    try {
      await this.#first.promise;
      const drained = server.drain(drainMs);
      await Promise.race([drained, this.#second.promise]);
      await server.close();
      await drained;
    } finally {
      this.#stop();
    }
  }

  readonly #end = (): void => {
    this.#count += 1;
    (this.#count === 1 ? this.#first : this.#second).resolve();
  };

  readonly #hangUp = (): void => this.#reload?.();

  #stop(): void {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.off(name, this.#end);
    process.off('SIGHUP', this.#hangUp);
  }
}

/** What cannot be used changes nothing. */
async function reload(server: RealizerServer, read: () => ServerConfiguration): Promise<void> {
  await server.reload(read());
}
