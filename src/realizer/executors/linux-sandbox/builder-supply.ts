import { BuilderProcess } from './builder-process.ts';

/** Has the process of the next build started while others run, so that it is there when it is needed. */
export class BuilderSupply {
  #next: BuilderProcess | undefined;

  take(): BuilderProcess {
    const next = this.#next;
    this.#next = undefined;
    return next === undefined || next.hasEnded ? new BuilderProcess() : next;
  }

  /** Starts the next one, unless it is there already. */
  prepare(): void {
    this.#next ??= new BuilderProcess();
  }

  close(): void {
    this.#next?.kill();
    this.#next = undefined;
  }
}
