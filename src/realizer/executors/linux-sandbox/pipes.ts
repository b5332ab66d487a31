import { execFile } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Store, type TemporaryFolder, findDiskFull } from '../../../store/index.ts';

const names = ['output', 'error', 'status'] as const;

/** The FIFOs of one build, by name, in a folder of theirs. */
export type Pipes = { readonly folder: string } & Readonly<Record<(typeof names)[number], string>>;

/** FIFOs for the streams of builds. They are made by a program, several at a time, and used again and again. */
export class PipeShelf {
  readonly #store: Store;
  #folder: TemporaryFolder | undefined;
  #free: Pipes[] = [];
  #count = 0;
  #making: Promise<void> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  async take(): Promise<Pipes> {
    while (this.#free.length === 0) {
      // Each time as many are made as there are: those who come together wait for the same ones.
      this.#making ??= this.#makeMore().finally(() => (this.#making = undefined));
      await this.#making;
    }
    return this.#free.pop() as Pipes;
  }

  /** Takes back what nobody has open any more. */
  giveBack(pipes: Pipes): void {
    this.#free.push(pipes);
  }

  close(): void {
    this.#folder?.[Symbol.dispose]();
    this.#folder = undefined;
    this.#free = [];
  }

  /** As many as there are, but for the first. */
  async #makeMore(): Promise<void> {
    this.#folder ??= this.#store.temporaryFolder('pipes');
    const made: Pipes[] = [];
    for (let left = Math.max(2, this.#count); left > 0; left--) {
      const folder = path.join(this.#folder.path, String(this.#count++));
      const [output, error, status] = names.map((name) => path.join(folder, name)) as [
        string,
        string,
        string,
      ];
      mkdirSync(folder, { mode: 0o700 });
      made.push({ folder, output, error, status });
    }
    const files = made.flatMap(({ output, error, status }) => [output, error, status]);
    try {
      await promisify(execFile)('mkfifo', ['-m', '0600', ...files]);
    } catch (error) {
      throw findDiskFull(this.#store.folder, error) ?? error;
    }
    this.#free.push(...made);
  }
}

/** The reading end of a FIFO, until all that write to it have let go of it. */
export class PipeReader implements Disposable {
  readonly end: Promise<void>;
  readonly #socket: Socket;

  constructor(file: string, onData: (piece: Buffer) => void) {
    // Whoever opens it for writing finds a reader, and nobody has to wait.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.end = new Promise((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.once('close', () => resolve());
    });
    this.#socket.on('data', onData);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** Opens a FIFO that has a reader for writing, so that it does not end before this is disposed of. */
export function holdPipe(file: string): Disposable {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
  return { [Symbol.dispose]: () => closeSync(descriptor) };
}

/** Lets the reader of a FIFO see an end though nobody may ever have opened it for writing; where there is no reader, nobody has to. */
export function passThrough(file: string): void {
  try {
    holdPipe(file)[Symbol.dispose]();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENXIO')) throw error;
  }
}
