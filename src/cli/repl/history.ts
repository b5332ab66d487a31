import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** How many entries are read, and up to how many characters one is kept. */
const limits = { entries: 2000, characters: 20_000 } as const;

/** From how many entries on the file is shortened to `limits.entries`. */
const crowded = limits.entries * 2;

/** How often, and with which pauses, another repl is waited for, and from which age on its lock is a leftover. */
const waiting = { times: 20, pauseMs: 10, leftoverMs: 10_000 } as const;

/**
 * What was typed in this and earlier sessions, the oldest first. The file has a line an entry. Several sessions may add to it at
 * once: each adds its own lines to the end, and only shortens it while none adds.
 */
export class History {
  readonly #file: string | undefined;
  readonly #entries: string[];

  /** `file` is undefined where nothing is kept. */
  constructor(file: string | undefined) {
    this.#file = file;
    const lines = file === undefined ? [] : linesOf(file);
    if (file !== undefined && lines.length > crowded) shorten(file);
    this.#entries = lines.slice(-limits.entries).map(decode);
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** Keeps what was typed, unless it is what was typed before. A history that cannot be kept is no reason to fail. */
  add(text: string): void {
    const entry = text.trimEnd();
    if (entry.trim() === '' || entry === this.#entries.at(-1)) return;
    this.#entries.push(entry);
    if (this.#entries.length > limits.entries) this.#entries.shift();
    const file = this.#file;
    if (file === undefined || entry.length > limits.characters) return;
    quietly(() => {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      alone(file, () => appendFileSync(file, `${encode(entry)}\n`, { mode: 0o600 }));
    });
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

function shorten(file: string): void {
  const temporary = `${file}.${process.pid}`;
  quietly(() => {
    alone(file, (isAlone) => {
      if (!isAlone) return;
      const kept = linesOf(file).slice(-limits.entries);
      writeFileSync(temporary, `${kept.join('\n')}\n`, { mode: 0o600 });
      renameSync(temporary, file);
    });
  });
  quietly(() => rmSync(temporary, { force: true }));
}

/** Does something while no other session does; `isAlone` is false where one does not come to an end. */
function alone(file: string, work: (isAlone: boolean) => void): void {
  const lock = `${file}.lock`;
  const isAlone = takeLock(lock);
  try {
    work(isAlone);
  } finally {
    if (isAlone) rmdirSync(lock);
  }
}

function takeLock(lock: string): boolean {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let time = 0; time < waiting.times; time++) {
    try {
      mkdirSync(lock);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const status = statSync(lock, { throwIfNoEntry: false });
    if (status !== undefined && Date.now() - status.mtimeMs > waiting.leftoverMs)
      quietly(() => rmdirSync(lock));
    else Atomics.wait(pause, 0, 0, waiting.pauseMs);
  }
  return false;
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // What was typed is lost to later sessions, and to nobody now.
  }
}

function encode(entry: string): string {
  return entry.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function decode(line: string): string {
  return line.replace(/\\(n|\\)/g, (_, letter) => (letter === 'n' ? '\n' : '\\'));
}
