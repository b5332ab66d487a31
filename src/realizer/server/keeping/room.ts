/** Room in a store that somebody was granted, until he has filled it or does not need it. */
export interface Room extends Disposable {
  /** What it was granted for has been put. */
  fill(): void;
}

/** What a file of so many bytes takes on disk, near enough. */
export function bytesOnDisk(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

const blockBytes = 4096;

/** How much a store holds, and how much of the rest was granted. */
export class Account {
  /** What the store takes, in bytes, as far as it was counted. */
  used = 0;
  #granted = 0;

  /** What the store will take once all that was granted is filled. */
  get expected(): number {
    return this.used + this.#granted;
  }

  grant(bytes: number): Room {
    let rest = bytes;
    this.#granted += bytes;
    const settle = (): void => {
      this.#granted -= rest;
      rest = 0;
    };
    return {
      fill: () => {
        this.used += rest;
        settle();
      },
      [Symbol.dispose]: settle,
    };
  }
}
