/** The most lines of a log that are kept; of a longer one the middle is left out. */
const keptLinesLimit = 100_000;

/** The log of one build, as it comes. */
export class BuildLog {
  readonly #first: string[] = [];
  #last: string[] = [];
  #omitted = 0;

  add(line: string): void {
    if (this.#first.length < keptLinesLimit / 2) {
      this.#first.push(line);
      return;
    }
    this.#last.push(line);
    if (this.#last.length >= keptLinesLimit) {
      this.#omitted += keptLinesLimit / 2;
      this.#last = this.#last.slice(keptLinesLimit / 2);
    }
  }

  get lines(): readonly string[] {
    const gap = this.#omitted > 0 ? [`… ${this.#omitted} lines left out …`] : [];
    return [...this.#first, ...gap, ...this.#last];
  }

  /** The last lines, for a message. */
  tail(count: number): readonly string[] {
    return this.lines.slice(-count);
  }
}
