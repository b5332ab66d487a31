/**
 * Prints what `trace` is given. An evaluation that is started again after a missing effect comes past the same places
 * again, and does not print again what was printed there.
 */
export class Traces {
  readonly #print: (text: string) => void;
  readonly #printed: string[] = [];
  /** How often a text was printed by attempts that were given up, and not come past again since. */
  readonly #before = new Map<string, number>();

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  print(text: string): void {
    this.#printed.push(text);
    const before = this.#before.get(text) ?? 0;
    if (before > 0) this.#before.set(text, before - 1);
    else this.#print(text);
  }

  /** The attempt has come to an end: what is traced from now on is new. */
  finish(): void {
    this.#printed.length = 0;
    this.#before.clear();
  }

  /** The attempt needs an effect, and will be made again. */
  giveUp(): void {
    for (const text of this.#printed) this.#before.set(text, (this.#before.get(text) ?? 0) + 1);
    this.#printed.length = 0;
  }
}
