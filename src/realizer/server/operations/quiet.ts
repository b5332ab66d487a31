import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerEvent } from './server-event.ts';

/** Whoever has had something built has fetched it, or begun to, when he says nothing for so long. */
const quietMs = 1000;

/** Notices when clients have nothing more to say: what they have had built they still have to fetch. */
export class Quiet {
  #lastCallMs = 0;

  observe(event: ServerEvent): void {
    if (event.type === 'call-ended' && !event.rpc.startsWith('Health/')) this.#lastCallMs = performance.now();
  }

  /** Settles when no call has ended for a while, or the time is over. */
  async wait(untilMs: number): Promise<void> {
    for (;;) {
      const nowMs = performance.now();
      const leftMs = Math.min(this.#lastCallMs + quietMs, untilMs) - nowMs;
      if (leftMs <= 0) return;
      await sleep(leftMs);
    }
  }
}
