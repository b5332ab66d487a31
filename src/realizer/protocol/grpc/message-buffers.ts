/** Lengths are the powers of two from here, so that a buffer fits many messages. */
const smallestLog = 16;
const largestLog = 23;
/** What is kept for later, in bytes, of all lengths together. */
const keptLimit = 32 << 20;

/**
 * The memory of messages, for one after another. Where each takes its own, a garbage collection is due for every few megabytes that go
 * over a connection, and those take longer than all else that is done with them.
 */
class MessageBuffers {
  readonly #byLog: Buffer[][] = Array.from({ length: largestLog + 1 }, () => []);
  /** Those that came from here and are out, so that nothing else is given back. */
  readonly #lent = new WeakSet<Buffer>();
  #kept = 0;

  /** At least as long, with anything in it. */
  take(length: number): Buffer {
    const log = Math.max(smallestLog, Math.ceil(Math.log2(length)));
    if (log > largestLog) return Buffer.allocUnsafeSlow(length);
    const kept = this.#byLog[log]?.pop();
    if (kept !== undefined) this.#kept -= kept.length;
    const buffer = kept ?? Buffer.allocUnsafeSlow(2 ** log);
    this.#lent.add(buffer);
    return buffer;
  }

  /** Nobody may use it any more. What is not from here is left to the garbage collection. */
  giveBack(buffer: Buffer): void {
    if (!this.#lent.delete(buffer) || this.#kept + buffer.length > keptLimit) return;
    this.#kept += buffer.length;
    this.#byLog[Math.log2(buffer.length)]?.push(buffer);
  }
}

export const messageBuffers = new MessageBuffers();
