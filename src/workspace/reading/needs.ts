import type { Derivation } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import { type Island, type IslandParts, type ReadingWord, readingDerivation } from '../../islands/index.ts';
import type { StorePath } from '../../foundation/index.ts';
import type { ScheduleResult } from '../../realizer/index.ts';
import type { LockSession } from '../lock-session.ts';

/** An island that is read in parts, with the derivation that fetches all of it. */
export interface ReadIsland {
  readonly island: Island;
  readonly derivation: Derivation;
  readonly parts: IslandParts;
}

/** What evaluation asked for and did not find: outputs, and parts of islands, all of one island's together. */
export interface Needed {
  readonly outputs: readonly Derivation[];
  readonly readings: readonly Reading[];
}

export interface Reading {
  readonly read: ReadIsland;
  readonly words: readonly ReadingWord[];
  readonly derivation: Derivation;
}

interface AskedWords {
  readonly needed: Set<ReadingWord>;
  /** Also those that are going to be needed. */
  readonly all: Set<ReadingWord>;
}

/**
 * Collects what is needed. It may be of several islands: where all elements of something are needed, one that has to wait does not
 * keep the others from asking.
 */
export class Needs {
  readonly #lock: LockSession;
  readonly #program: () => StorePath;
  readonly #outputs = new Map<string, Derivation>();
  readonly #words = new Map<ReadIsland, AskedWords>();
  readonly #answered = new Set<string>();

  constructor(lock: LockSession, program: () => StorePath) {
    this.#lock = lock;
    this.#program = program;
  }

  output(derivation: Derivation): void {
    this.#outputs.set(derivation.id, derivation);
  }

  /** Parts of an island, and `companions` that are not needed yet, but are going to be. */
  parts(read: ReadIsland, words: readonly ReadingWord[], companions: readonly ReadingWord[] = []): void {
    const again = words.find((word) => this.#answered.has(keyOf(read, word)));
    if (again !== undefined) throw new Error(`the parts of ${read.island.key} came without '${again}'`);
    const asked = this.#words.get(read) ?? { needed: new Set(), all: new Set() };
    this.#words.set(read, asked);
    for (const word of words) asked.needed.add(word);
    for (const word of [...words, ...companions]) asked.all.add(word);
  }

  /** Notes that the origin was asked for this, and what there is of it has come: it is not asked for again. */
  noteAnswer({ read, words }: Reading): void {
    for (const word of words) this.#answered.add(keyOf(read, word));
  }

  /** What was asked for since the last call. Where the whole of an island is to come, its parts come with it. */
  take(): Needed {
    const outputs = [...this.#outputs.values()];
    const readings = [...this.#words]
      .filter(([{ derivation }]) => !this.#outputs.has(derivation.id))
      .map(([read, words]) => this.#reading(read, words));
    this.#outputs.clear();
    this.#words.clear();
    return { outputs, readings };
  }

  #reading(read: ReadIsland, { needed, all }: AskedWords): Reading {
    const words = [...all];
    const { fix } = read.derivation;
    const derivation = readingDerivation(read.island, words, {
      program: this.#program(),
      fix: fix.kind === 'fixed' ? { kind: 'fixed', pins: { git: fix.pins.git ?? '' } } : fix,
    });
    this.#lock.registerReading(derivation, { whole: read.derivation, needed: [...needed] });
    return { read, words, derivation };
  }
}

function keyOf({ derivation, parts }: ReadIsland, word: ReadingWord): string {
  return `${derivation.id} ${parts.commit ?? ''} ${word}`;
}

/** Whether an origin has said that it gives a commit only as a whole. */
export function givesNoParts(result: ScheduleResult): result is ScheduleResult & { readonly ok: false } {
  return !result.ok && result.diagnostics.some(({ code }: Diagnostic) => code === 'CAB3210');
}
