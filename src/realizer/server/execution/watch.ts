/** What is done at once is told once, in milliseconds: most of what is known already takes less. */
const firstMs = 10;
/** Between two messages that only bring lines of a log, in milliseconds. */
const linesMs = 50;

/** When one who watches an operation is told the next time. */
export class Watch {
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.#fire();
  #wake: (() => void) | undefined;
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  #toldMs = 0;
  #isFirstDue = false;
  #isGivenUp = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Something has happened: it is told at once, or with what else happens soon. */
  tell(when: 'at-once' | 'soon'): void {
    if (when === 'at-once') this.#fire();
    else if (!this.#isDue) this.#fireIn(Math.max(0, this.#toldMs + linesMs - performance.now()));
  }

  giveUp(): void {
    this.#isGivenUp = true;
    this.#fire();
  }

  /** Waits for the first moment to say something: the end, if that comes soon. */
  async first(isDone: () => boolean): Promise<void> {
    const early = setTimeout(() => {
      this.#isFirstDue = true;
      this.#fire();
    }, firstMs);
    while (!this.#isFirstDue && !isDone() && !this.#isGivenUp && !this.#signal.aborted) await this.#woken();
    clearTimeout(early);
  }

  /** Waits until there is something to tell. */
  async next(): Promise<void> {
    this.#toldMs = performance.now();
    await this.#woken();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  async #woken(): Promise<void> {
    if (!this.#isDue && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isDue = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #fireIn(ms: number): void {
    this.#timer ??= setTimeout(this.#onAbort, ms);
  }

  #fire(): void {
    this.#isDue = true;
    this.#wake?.();
    this.#wake = undefined;
  }
}
