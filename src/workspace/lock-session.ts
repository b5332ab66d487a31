import type { Derivation, Pins } from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import { type Emit, digestOf, hashPartOf } from '../foundation/index.ts';
import {
  type CommitState,
  type LockFile,
  type ReadingWord,
  emptyLockFile,
  explainFetchFailure,
  printLockFile,
} from '../islands/index.ts';
import type { PinPolicy, RealizeFailure } from '../realizer/index.ts';
import type { Store } from '../store/index.ts';
import { clearBeside } from './beside.ts';
import { readIfThere, readLockFile, realFile, writeWhole } from './lock-storage.ts';
import { commitAlone, contradicts, samePins, withMissing } from './pins.ts';

/** What the command line says of the lock. */
export interface LockMode {
  /** Which islands are to be asked again: none, all, or those with these keys. */
  readonly update: 'none' | 'all' | ReadonlySet<string>;
  readonly locked: boolean;
  readonly offline: boolean;
  /** Whether the run only looks at things: then nothing is pinned, and nothing said of pins. */
  readonly isReadOnly?: boolean;
}

type Section = keyof LockFile;

/** The lock during one run: answers with what is pinned, collects what is learned, and saves it at the end. */
export class LockSession implements PinPolicy {
  readonly #options: { readonly file: string | undefined };
  #known: LockFile | undefined;
  readonly #mode: LockMode;
  readonly #emit: Emit;
  readonly #learned = { islands: new Map<string, Pins>(), derivations: new Map<string, Pins>() };
  readonly #islands = new Map<string, string>();
  /** What the derivations that read parts of an island are needed for, by id. */
  readonly #readings = new Map<string, readonly ReadingWord[]>();
  readonly #announced = new Set<string>();
  #hasWritten = false;
  readonly #used = { islands: new Set<string>(), derivations: new Set<string>() };

  /** `file` is undefined where nothing is to be remembered, as for an island that is built without a project. */
  constructor(options: { file: string | undefined; mode: LockMode; emit: Emit }) {
    this.#options = options;
    this.#mode = options.mode;
    this.#emit = options.emit;
  }

  get #file(): string | undefined {
    return this.#options.file;
  }

  /** Reads the file, unless it is read: a run that meets no island can do without. */
  read(): LockFile {
    this.#known ??= this.#readFile();
    return this.#known;
  }

  #readFile(): LockFile {
    if (this.#file === undefined) return emptyLockFile;
    if (!this.#mode.locked && !this.#mode.isReadOnly) clearBeside(realFile(this.#file));
    return readLockFile(this.#file);
  }

  /** The lock file, where this run has pins of it or wrote some into it: what they name is to be kept. */
  get usedFile(): string | undefined {
    if (this.#file === undefined || this.#mode.isReadOnly === true) return undefined;
    const { islands, derivations } = this.read();
    const hasPins = islands.size + derivations.size > 0;
    return hasPins || this.#hasWritten ? realFile(this.#file) : undefined;
  }

  /** Says that a derivation fetches the island with this key. */
  register(derivation: Derivation, islandKey: string): void {
    this.#islands.set(derivation.id, islandKey);
    if (derivation.fix.kind === 'self') this.#used.islands.add(islandKey);
  }

  /** Says that a derivation fetches parts of the island that `whole` fetches. They have one block in the lock. */
  registerReading(
    reading: Derivation,
    { whole, needed }: { readonly whole: Derivation; readonly needed: readonly ReadingWord[] },
  ): void {
    const key = this.#islands.get(whole.id);
    if (key !== undefined) this.#islands.set(reading.id, key);
    this.#readings.set(reading.id, needed);
  }

  /** The islands that are to be asked again, as far as they are named. */
  get namedForUpdate(): readonly string[] {
    return typeof this.#mode.update === 'string' ? [] : [...this.#mode.update];
  }

  pinsOf(derivation: Derivation): { pins: Pins; ask: boolean } {
    if (derivation.fix.kind !== 'self') return { pins: {}, ask: false };
    const [section, key] = this.#place(derivation);
    this.#used[section].add(key);
    const { pins, ask } = this.#blockOf(section, key);
    // Of an island's pins, its commit is the only one that tells something about a part.
    return { pins: this.#readings.has(derivation.id) ? commitAlone(pins) : pins, ask };
  }

  get isOffline(): boolean {
    return this.#mode.offline;
  }

  /** How an island's pins are known. */
  standingOf(derivation: Derivation): 'pinned' | 'asked' | 'unknown' {
    if (derivation.fix.kind === 'fixed') return 'pinned';
    const [section, key] = this.#place(derivation);
    if (this.#learned[section].has(key)) return 'asked';
    return this.read()[section].has(key) ? 'pinned' : 'unknown';
  }

  /** What this run has learned. */
  get learnedPins(): LockFile {
    return this.#learned;
  }

  /** Goes on with what another run has learned. */
  adopt({ islands, derivations }: LockFile): void {
    for (const [key, pins] of islands) this.#learned.islands.set(key, pins);
    for (const [key, pins] of derivations) this.#learned.derivations.set(key, pins);
  }

  /** All that the island with this key is pinned to, by the lock or by this run. */
  islandPins(key: string): Pins {
    return this.#learned.islands.get(key) ?? this.read().islands.get(key) ?? {};
  }

  /** All that an island is pinned to. */
  blockOf(derivation: Derivation): Pins {
    if (derivation.fix.kind === 'fixed') return derivation.fix.pins;
    return this.#blockOf(...this.#place(derivation)).pins;
  }

  /** The commit that an island of git is pinned to. */
  commitOf(derivation: Derivation): CommitState {
    if (derivation.fix.kind === 'fixed') return { pinned: derivation.fix.pins.git, ask: false };
    const { pins, ask } = this.#blockOf(...this.#place(derivation));
    return { pinned: pins.git, ask };
  }

  /** Pins an island to a commit that is known without its origin. */
  learnedCommit(derivation: Derivation, commit: string): void {
    if (derivation.fix.kind === 'self') this.learned(derivation, { git: commit });
  }

  refuse(derivation: Derivation): Diagnostic | undefined {
    if (derivation.fix.kind === 'none') return undefined;
    const what = this.#describe(derivation);
    const { pins } = this.pinsOf(derivation);
    const unpinned = derivation.fix.kind === 'self' && Object.keys(pins).length === 0;
    if (this.#mode.locked && unpinned) {
      return {
        code: 'CAB3102',
        severity: 'error',
        message: `${what} is not in the lock, and --locked forbids to pin it`,
        hint: 'run cab build without --locked, and commit cab.lock',
      };
    }
    if (!this.#mode.offline) return undefined;
    const parts = this.#readings.get(derivation.id);
    const notes = [
      ...(parts === undefined ? [] : [`needed of it: ${pathsOf(parts)}`]),
      ...(unpinned ? ['it is not pinned either'] : []),
    ];
    return {
      code: 'CAB3209',
      severity: 'error',
      message: `${parts === undefined ? what : `a part of ${what}`} is needed, is not in the store, and --offline forbids to fetch it`,
      ...(notes.length > 0 && { notes }),
      hint: 'run the same once without --offline',
    };
  }

  learned(derivation: Derivation, pins: Pins): void {
    const [section, key] = this.#place(derivation);
    const { pins: known, ask } = this.#blockOf(section, key);
    const found = this.#readings.has(derivation.id) ? commitAlone(pins) : pins;
    // What is pinned of the same commit stays pinned where only the commit was learned.
    const isSameCommit = found.git !== undefined && known.git === found.git;
    const after = isSameCommit ? withMissing(known, found) : found;
    this.#learned[section].set(key, after);
    this.#announce(section, key, { after, ask });
  }

  /** Says what became of an island's pins: once, however often they are learned in a run. */
  #announce(section: Section, key: string, { after, ask }: { after: Pins; ask: boolean }): void {
    const before = this.read()[section].get(key);
    const isNews = before === undefined || !samePins(before, after);
    if (this.#mode.isReadOnly || (!isNews && !ask) || this.#announced.has(key)) return;
    this.#announced.add(key);
    if (!isNews) this.#emit({ type: 'island-unchanged', island: key });
    else if (before === undefined || !contradicts(before, after)) {
      this.#emit({ type: 'island-pinned', island: key, pins: after });
    } else this.#emit({ type: 'island-moved', island: key, before, after });
  }

  /** What is pinned, by the lock or by this run, and whether the origin is to be asked before that counts. */
  #blockOf(section: Section, key: string): { pins: Pins; ask: boolean } {
    const learned = this.#learned[section].get(key);
    if (learned !== undefined) return { pins: learned, ask: false };
    const { update } = this.#mode;
    const ask = update === 'all' || (update !== 'none' && update.has(key));
    return { pins: this.read()[section].get(key) ?? {}, ask };
  }

  explain(derivation: Derivation, failure: RealizeFailure): Diagnostic {
    const key = this.#islands.get(derivation.id);
    if (key === undefined || failure.program === undefined) return failure.diagnostic;
    return explainFetchFailure(key, failure.program) ?? failure.diagnostic;
  }

  /** The lock's key of a derivation that fixes itself: its island's, or one made of its name and id. */
  keyOf(derivation: Derivation): string {
    return this.#place(derivation)[1];
  }

  /**
   * Writes what was learned into the file, which another process may have written meanwhile: only what this run knows
   * better is changed. `dropUnused` takes out what the run had no need of, but
   * for what `isNamed` says is named all the same.
   */
  async save(options: {
    store: () => Store;
    dropUnused: boolean;
    isNamed: (key: string) => boolean;
    signal: AbortSignal;
  }): Promise<void> {
    const learned = this.#learned.islands.size + this.#learned.derivations.size;
    if (learned === 0 && !options.dropUnused) return;
    if (this.#file === undefined || this.#mode.locked || this.#mode.isReadOnly) return;
    const file = realFile(this.#file);
    const name = `lock-file-${hashPartOf(digestOf(file))}`;
    using _held = await options.store().lock(name, { signal: options.signal });
    const current = readLockFile(file);
    const next = {
      islands: this.#merge(current, 'islands', options),
      derivations: this.#merge(current, 'derivations', options),
    };
    const text = printLockFile(next);
    const nothing = next.islands.size === 0 && next.derivations.size === 0 && current === emptyLockFile;
    if (nothing || text === readIfThere(file)) return;
    writeWhole(file, text);
    this.#hasWritten = true;
  }

  #merge(
    current: LockFile,
    section: Section,
    { dropUnused, isNamed }: { readonly dropUnused: boolean; readonly isNamed: (key: string) => boolean },
  ): Map<string, Pins> {
    const merged = new Map(current[section]);
    for (const [key, pins] of this.#learned[section]) merged.set(key, pins);
    if (!dropUnused) return merged;
    for (const key of merged.keys()) {
      if (this.#used[section].has(key) || isNamed(key)) continue;
      merged.delete(key);
      this.#emit({ type: 'island-dropped', island: key });
    }
    return merged;
  }

  #place(derivation: Derivation): [Section, string] {
    const island = this.#islands.get(derivation.id);
    return island === undefined
      ? ['derivations', `${derivation.name}@${derivation.id}`]
      : ['islands', island];
  }

  #describe(derivation: Derivation): string {
    const island = this.#islands.get(derivation.id);
    return island === undefined ? `the derivation '${derivation.name}'` : `the island '${island}'`;
  }
}

/** Looking and reading told as one. */
function pathsOf(words: readonly ReadingWord[]): string {
  return [...new Set(words.map((word) => word.slice(word.indexOf('/'))))].join(', ');
}
