/** Words that are added one after the other, and may be changed afterwards. */
export class WordList {
  #words = new Int32Array(1024);
  length = 0;

  push(word: number): void {
    if (this.length === this.#words.length) this.#grow();
    this.#words[this.length++] = word;
  }

  set(index: number, word: number): void {
    this.#words[index] = word;
  }

  /** The words so far; they are shared until the next `push`. */
  view(): Int32Array {
    return this.#words.subarray(0, this.length);
  }

  #grow(): void {
    const grown = new Int32Array(this.#words.length * 2);
    grown.set(this.#words);
    this.#words = grown;
  }
}
