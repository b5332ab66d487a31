import type { Store } from '../../../store/index.ts';
import { BuilderProcess, type ProgramStreams, type SandboxedCommand } from './builder-process.ts';
import { PipeShelf } from './pipes.ts';
import { Starter } from './starter.ts';

/** Runs programs in their sandboxes, with what all of them have in common: made for the first and kept. */
export class Builders {
  readonly #pipes: PipeShelf;
  #starter: Starter | undefined;

  constructor(store: Store) {
    this.#pipes = new PipeShelf(store);
  }

  /** `folder` is the build's own. */
  async start(folder: string, command: SandboxedCommand, streams: ProgramStreams): Promise<BuilderProcess> {
    if (this.#starter === undefined || this.#starter.hasEnded) this.#starter = new Starter();
    const starter = this.#starter;
    const pipes = await this.#pipes.take();
    const builder = new BuilderProcess(starter, folder, pipes, command, streams);
    builder.end.then(
      () => this.#pipes.giveBack(pipes),
      () => undefined,
    );
    return builder;
  }

  async close(): Promise<void> {
    await this.#starter?.close();
    this.#starter = undefined;
    this.#pipes.close();
  }
}
