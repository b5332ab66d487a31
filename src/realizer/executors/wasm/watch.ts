/** Into how many parts the limit is divided: each ends with a look, so that a machine that slept is not taken for a program that hangs. */
const parts = 4;

/** Asks a worker for a sign of life while it has something to do, and says where it has given none for as long as the limit. */
export class Watch {
  readonly #limitMs: number;
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #unanswered = 0;
  /** A worker that is only being made cannot answer. */
  #hasBegun = false;

  constructor(limitMs: number, ask: () => void, onSilence: () => void) {
    this.#limitMs = limitMs;
    this.#ask = ask;
    this.#onSilence = onSilence;
  }

  begin(): void {
    if (this.#timer !== undefined) return;
    this.#unanswered = 0;
    this.#timer = setInterval(() => this.#look(), this.#limitMs / parts);
    this.#timer.unref();
  }

  /** The worker has given its sign. */
  answer(): void {
    this.#hasBegun = true;
    this.#unanswered = 0;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    if (!this.#hasBegun) return;
    if (this.#unanswered > parts) this.#onSilence();
    else if (this.#unanswered++ === 0) this.#ask();
  }
}
