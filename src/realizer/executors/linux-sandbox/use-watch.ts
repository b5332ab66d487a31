import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isTurnOver, nextTurn } from '../../../foundation/index.ts';
import type { NativeLimits } from '../../program-limits.ts';
import { exactMemoryOf, roughMemoryOf, useOf } from './process-tree.ts';

/** Between two looks at its processes, and at its folder, in milliseconds. */
const processesPauseMs = 250;
const folderPauseMs = 1000;
/** A look may be long: between two of them lies so many times as long. */
const pauseFactor = 20;
/** What the system counts the place of files in, in bytes. */
const blockSize = 512;

/**
 * Looks now and then at what a program uses, and ends it where that is too much. The system's own account of it (cgroups) is not every
 * process's to keep.
 */
export class UseWatch implements Disposable {
  readonly #folder: string;
  readonly #limits: NativeLimits;
  readonly #onExcess: () => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isOver = false;
  #excess: string | undefined;

  /** `folder` is the program's own. */
  constructor(folder: string, limits: NativeLimits, onExcess: () => void) {
    this.#folder = folder;
    this.#limits = limits;
    this.#onExcess = onExcess;
  }

  /** What was too much, as a phrase. */
  get excess(): string | undefined {
    return this.#excess;
  }

  /** Begins to look at a process and all below it, where anything is bounded. */
  begin(root: number): void {
    const { memory, processes, disk } = this.#limits;
    if (Math.min(memory, processes) < Infinity)
      this.#lookAfter(processesPauseMs, () => this.#excessOfProcesses(root));
    if (disk < Infinity) this.#lookAfter(folderPauseMs, () => this.#excessOfFolder());
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #lookAfter(pauseMs: number, look: () => Promise<string | undefined>): void {
    if (this.#isOver) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const beganMs = performance.now();
      void look().then((excess) => {
        if (this.#isOver) return;
        if (excess === undefined)
          return this.#lookAfter(Math.max(pauseMs, (performance.now() - beganMs) * pauseFactor), look);
        this.#excess ??= excess;
        this.#onExcess();
      });
    }, pauseMs).unref();
    this.#timers.add(timer);
  }

  async #excessOfProcesses(root: number): Promise<string | undefined> {
    const { memory, processes } = this.#limits;
    const use = await useOf(root, processes, roughMemoryOf);
    if (use.tasks > processes) return `it had more than ${processes} processes and threads`;
    if (use.memory <= memory) return undefined;
    const exact = await useOf(root, processes, exactMemoryOf);
    return exact.memory > memory ? `it used more than ${memory} bytes of memory` : undefined;
  }

  /** What cannot be looked at, or has gone, does not count. */
  async #excessOfFolder(): Promise<string | undefined> {
    const { disk } = this.#limits;
    const waiting = [this.#folder];
    let bytes = 0;
    for (let folder = waiting.pop(); folder !== undefined && !this.#isOver; folder = waiting.pop()) {
      for (const name of namesIn(folder)) {
        const file = path.join(folder, name);
        const status = statusOf(file);
        bytes += (status?.blocks ?? 0) * blockSize;
        if (status?.isDirectory() === true) waiting.push(file);
        if (bytes > disk) return `its files took more than ${disk} bytes`;
        if (isTurnOver()) await nextTurn();
      }
    }
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function statusOf(file: string) {
  try {
    return lstatSync(file);
  } catch {
    return undefined;
  }
}
