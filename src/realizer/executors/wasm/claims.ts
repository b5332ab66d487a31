import { parseClaim } from '../../../derivations/index.ts';
import { LineSplitter } from '../lines.ts';
import { programLimits } from './limits.ts';
import type { LineSink } from './system/index.ts';

/** Ends a program that wrote a line to `fix` which is not a claim: thrown through its frames. */
export class MalformedClaim extends Error {
  readonly line: string;

  constructor(line: string) {
    super(`malformed claim '${line}'`);
    this.line = line;
  }
}

/** The claims of one program: passes them on, and knows whether all were answered. */
export class Claims implements LineSink {
  readonly #lines: LineSplitter;
  readonly #made = new Set<string>();
  #unanswered = 0;
  #waiting: (() => void)[] = [];

  constructor(onClaim: (line: string) => void) {
    this.#lines = new LineSplitter((line) => {
      if (parseClaim(line) === undefined) throw new MalformedClaim(line);
      // What was said before needs no further answer, and nobody has so much to say.
      if (this.#made.has(line) || this.#made.size >= programLimits.claims) return;
      this.#made.add(line);
      this.#unanswered++;
      onClaim(line);
    });
  }

  write(piece: Uint8Array): void {
    this.#lines.write(piece);
  }

  /** The program may go on after a claim. */
  answer(): void {
    this.#unanswered--;
    if (this.#unanswered > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Settles when every claim so far is answered; undefined where that is so already. */
  answered(): Promise<void> | undefined {
    if (this.#unanswered === 0) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Called where the program ended well: its last line counts, be it without an end. */
  end(): void {
    this.#lines.end();
  }
}
