import type { Operation } from './operation.ts';

export interface OperationTableOptions {
  /** How long one that has ended can be asked for, in milliseconds. */
  readonly keptMs: number;
  /** How many of those are kept at most. */
  readonly keptLimit: number;
  /** Of what came of those, in bytes. */
  readonly keptSize: number;
}

/** Operations by what they execute while they go on, and by name, also for a while after their end. */
export class OperationTable {
  readonly #options: OperationTableOptions;
  readonly #running = new Map<string, Operation>();
  /** By name, with when each ended, in the order in which they did. */
  readonly #ended = new Map<string, { readonly operation: Operation; readonly endedMs: number }>();
  readonly #byName = new Map<string, Operation>();
  #endedSize = 0;
  readonly #onEmpty = new Set<() => void>();

  constructor(options: OperationTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byName.size;
  }

  running(key: string): Operation | undefined {
    return this.#running.get(key);
  }

  find(name: string): Operation | undefined {
    this.#forget();
    return this.#byName.get(name) ?? this.#ended.get(name)?.operation;
  }

  *all(): Generator<Operation> {
    yield* this.#byName.values();
  }

  begin(key: string, operation: Operation): void {
    this.#running.set(key, operation);
    this.#byName.set(operation.name, operation);
  }

  end(key: string, operation: Operation): void {
    if (this.#running.get(key) === operation) this.#running.delete(key);
    this.#byName.delete(operation.name);
    this.#ended.set(operation.name, { operation, endedMs: performance.now() });
    this.#endedSize += operation.responseSize;
    this.#forget();
    if (this.#byName.size > 0) return;
    for (const resolve of this.#onEmpty) resolve();
    this.#onEmpty.clear();
  }

  /** Settles when nothing runs any more. */
  async idle(): Promise<void> {
    if (this.#byName.size > 0) await new Promise<void>((resolve) => this.#onEmpty.add(resolve));
  }

  #forget(): void {
    const { keptMs, keptLimit, keptSize } = this.#options;
    const oldest = performance.now() - keptMs;
    for (const [name, { operation, endedMs }] of this.#ended) {
      const isRoom = this.#ended.size <= keptLimit && this.#endedSize <= keptSize;
      if (endedMs >= oldest && isRoom) return;
      this.#ended.delete(name);
      this.#endedSize -= operation.responseSize;
    }
  }
}
