import type { Derivation } from '../../derivations/index.ts';
import { type Emit, type StorePath, unreachable } from '../../foundation/index.ts';
import {
  type GitId,
  type Island,
  IslandParts,
  KnownObjects,
  type Purpose,
  type ReadingWord,
  gitSourceOf,
} from '../../islands/index.ts';
import { EffectNeeded, type EntryKind, type TreePath } from '../../language/evaluation/index.ts';
import type { ScheduleResult } from '../../realizer/index.ts';
import type { Store } from '../../store/index.ts';
import type { LockSession } from '../lock-session.ts';
import { noSuchPath, wrongKind } from '../path-faults.ts';
import type { StoredRoot } from '../roots.ts';
import { companionsOf, refWord, wordPurpose } from './companions.ts';
import { type Needed, Needs, type ReadIsland, type Reading, givesNoParts } from './needs.ts';
import { type Seen, seenInParts, seenInStore } from './seen.ts';

/** A place in a tree that is, or is to come, in the store. */
export interface StoredPlace extends TreePath {
  readonly root: StoredRoot;
}

export interface StoredReadingOptions {
  readonly store: Store;
  readonly lock: LockSession;
  /** Where `fetch.wasm` lies. */
  readonly program: () => StorePath;
  /** Where an output lies, if it is known and there. */
  readonly presentPath: (derivation: Derivation, output: string) => StorePath | undefined;
  readonly emit: Emit;
}

/**
 * Reads outputs and islands. What the store has as a whole is read there; of an island of git that it has not, only what is looked
 * at has to come; of anything else, all. Where something has to come first, `EffectNeeded` is thrown.
 */
export class StoredReading {
  readonly #options: StoredReadingOptions;
  readonly #needs: Needs;
  readonly #islands = new Map<string, ReadIsland>();
  readonly #asked = new Set<ReadIsland>();
  /** The islands whose origins give them only as a whole, by derivation. */
  readonly #whole = new Set<string>();
  #objects: KnownObjects | undefined;

  constructor(options: StoredReadingOptions) {
    this.#options = options;
    this.#needs = new Needs(options.lock, options.program);
  }

  readFile(place: StoredPlace): Uint8Array {
    const seen = this.#see(place, 'read');
    if (seen === undefined) throw noSuchPath(place);
    if (seen.kind !== 'file') throw wrongKind(place, 'a file', seen.kind);
    return this.#options.store.blobs.read(seen.digest());
  }

  readDirectory(place: StoredPlace): ReadonlyMap<string, EntryKind> {
    const seen = this.#see(place, 'read');
    if (seen === undefined) throw noSuchPath(place);
    if (seen.kind !== 'directory') throw wrongKind(place, 'a folder', seen.kind);
    return seen.entries();
  }

  entryKind(place: StoredPlace): EntryKind | undefined {
    return this.#see(place, 'look')?.kind;
  }

  /** Where the whole tree lies, if it is there. */
  present({ derivation, output }: StoredRoot): StorePath | undefined {
    return this.#options.presentPath(derivation, output);
  }

  /** Where the whole tree lies. */
  whole(root: StoredRoot): StorePath {
    return this.present(root) ?? this.needOutput(root.derivation);
  }

  /** How an island's parts are read; undefined where it only comes as a whole. */
  partsOf(island: Island, derivation: Derivation): ReadIsland | undefined {
    const git = gitSourceOf(island);
    if (git === undefined || this.#whole.has(derivation.id)) return undefined;
    const { fix } = derivation;
    if (fix.kind === 'fixed' && fix.pins.git === undefined) return undefined;
    const before = this.#islands.get(derivation.id);
    if (before !== undefined) return before;
    const { lock } = this.#options;
    const parts = new IslandParts({
      island,
      git,
      objects: this.objects,
      commit: () => lock.commitOf(derivation),
      onCommit: (commit) => lock.learnedCommit(derivation, commit),
    });
    const read = { island, derivation, parts };
    this.#islands.set(derivation.id, read);
    return read;
  }

  /** What was asked for since the last call. */
  takeNeeded(): Needed {
    return this.#needs.take();
  }

  /** Takes what a reading came to, or has the whole tree fetched from where no parts are given. */
  settle(reading: Reading, result: ScheduleResult): void {
    const { read } = reading;
    if (result.ok) {
      for (const output of Object.values(result.outputs)) read.parts.objects.addOutput(output);
      this.#needs.noteAnswer(reading);
    } else if (givesNoParts(result)) {
      this.#whole.add(read.derivation.id);
      this.#options.emit({ type: 'island-read-whole', island: read.island.key });
    }
  }

  /** @throws EffectNeeded always. */
  needParts(read: ReadIsland, words: readonly ReadingWord[], companions: readonly ReadingWord[] = []): never {
    this.#needs.parts(read, words, companions);
    throw new EffectNeeded(read.derivation);
  }

  /** @throws EffectNeeded always. */
  needOutput(derivation: Derivation): never {
    this.#needs.output(derivation);
    throw new EffectNeeded(derivation);
  }

  #see({ root, path }: StoredPlace, purpose: Purpose): Seen | undefined {
    const { derivation, island } = root;
    const present = this.present(root);
    if (present !== undefined) return seenInStore(this.#options.store.lookup(present, path));
    const read = island === undefined ? undefined : this.partsOf(island, derivation);
    if (read === undefined) return this.needOutput(derivation);
    const result = read.parts.find(path, wordPurpose(path, purpose));
    switch (result.outcome) {
      case 'found':
        return seenInParts(result.node, read.parts.objects);
      case 'nothing':
        return undefined;
      case 'unresolved':
        return this.needParts(read, [refWord]);
      case 'whole':
        return this.needOutput(derivation);
      case 'unknown': {
        const isFirst = !this.#asked.has(read);
        this.#asked.add(read);
        return this.needParts(read, result.words, isFirst ? companionsOf(read.island, path) : []);
      }
      default:
        return unreachable(result);
    }
  }

  /** The commit that an island of git is known to stand for. */
  commitOf(derivation: Derivation): GitId | undefined {
    return this.#options.lock.commitOf(derivation).pinned;
  }

  /** What is known of git repositories, and how directories of the store are gone through. */
  get objects(): KnownObjects {
    return (this.#objects ??= this.#openObjects());
  }

  #openObjects(): KnownObjects {
    const { store, program } = this.#options;
    const entry = store.lookup(program(), '/');
    if (entry?.kind !== 'file') throw new Error('the fetching program is not one file');
    return new KnownObjects(store, entry.digest);
  }
}
