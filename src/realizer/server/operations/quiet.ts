import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerEvent } from './server-event.ts';

/** Whoever has had something built has fetched it, or begun to, when he says nothing for so long. */
const quietMs = 1000;

/** Notices when clients have nothing more to say: what they have had built they still have to fetch. */
export class Quiet {
  readonly #nowMs: () => number;
  #lastCallMs = 0;

  /** `nowMs` is a clock that never goes back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  observe(event: ServerEvent): void {
    if (isWord(event)) this.#lastCallMs = this.#nowMs();
  }

  /** Settles when no call has ended for a while, or the time is over. */
  async wait(untilMs: number): Promise<void> {
    for (;;) {
      const nowMs = this.#nowMs();
      const leftMs = Math.min(this.#lastCallMs + quietMs, untilMs) - nowMs;
      if (leftMs <= 0) return;
      await sleep(leftMs);
    }
  }
}

/** Whether somebody has had something, or is about to hear of it: the call that waits for an action ends after that. */
function isWord(event: ServerEvent): boolean {
  if (event.type === 'call-ended') return !event.rpc.startsWith('Health/');
  return event.type === 'action-ended' || event.type === 'asset-fetched';
}
