/** Until when servers do not want to be asked: what one program is told holds for all others of its worker. */
export class Pauses {
  readonly #until = new Map<string, number>();

  begin(host: string, durationMs: number): void {
    this.#until.set(host, Math.max(performance.now() + durationMs, this.#until.get(host) ?? 0));
  }

  leftMs(host: string): number {
    const left = (this.#until.get(host) ?? 0) - performance.now();
    if (left > 0) return left;
    this.#until.delete(host);
    return 0;
  }
}
