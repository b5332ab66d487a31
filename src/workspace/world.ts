import path from 'node:path';
import type { Derivation, Fix } from '../derivations/index.ts';
import { DiagnosticError } from '../diagnostics/index.ts';
import { type Emit, type StorePath, hashPartOfStorePath, once, toStoreName } from '../foundation/index.ts';
import {
  type Island,
  type IslandBody,
  islandDerivation,
  lockFileName,
  makeIsland,
  parseLockFile,
  splitIslandKey,
} from '../islands/index.ts';
import {
  type EntryKind,
  type IslandValue,
  type Root,
  type TreePath,
  type World,
} from '../language/evaluation/index.ts';
import type { Store } from '../store/index.ts';
import type { LockSession } from './lock-session.ts';
import { localEntryKind, readLocal, readLocalDirectory, readLocalFile } from './local-reading.ts';
import { libraryFolder } from './locations.ts';
import { noSuchPath } from './path-faults.ts';
import { StoredReading } from './reading/stored-reading.ts';
import { placeOfPathIsland } from './path-island.ts';
import type { SyntaxCache } from './syntax-cache.ts';
import { type WorkspaceRoot, foreignRoot, islandRoot, libraryRoot, outputRoot, pathRoot } from './roots.ts';

/** An island as evaluation holds it, with what the workspace knows of it. */
class WorkspaceIsland implements IslandValue {
  readonly key: string;
  readonly root: WorkspaceRoot;
  /** Undefined for what is part of Cab. */
  readonly derivation: (() => Derivation) | undefined;

  constructor(island: Island, root: WorkspaceRoot, derivation: (() => Derivation) | undefined) {
    this.key = island.key;
    this.root = root;
    this.derivation = derivation;
  }
}

export interface WorldOptions {
  readonly store: Store;
  readonly lock: LockSession;
  /** Local folders in the place of islands, by the island's key. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Where an output lies, if it is known and there. */
  readonly presentPath: (derivation: Derivation, output: string) => StorePath | undefined;
  readonly emit: Emit;
  /** Where what was parsed is kept; undefined for a user without such a folder. */
  readonly syntax: SyntaxCache | undefined;
}

/** Evaluation's view of this machine, the store and the islands. */
export class WorkspaceWorld implements World {
  readonly #options: WorldOptions;
  readonly #islands = new Map<string, WorkspaceIsland>();
  readonly #usedOverrides = new Set<string>();
  readonly #stored: StoredReading;
  /** The texts of the local expressions that were read. */
  readonly #expressions: Buffer[] = [];
  readonly #programs = new Map<string, StorePath>();
  /** What was taken into the store, by root and path: a tree is the same one for the whole of a run, and looked at once. */
  readonly #added = new Map<string, StorePath>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#stored = new StoredReading({
      get store() {
        return options.store;
      },
      lock: options.lock,
      program: () => this.#programPath('fetch'),
      presentPath: options.presentPath,
      emit: options.emit,
    });
  }

  readFile(place: TreePath): Uint8Array {
    const root = place.root as WorkspaceRoot;
    if (root.kind === 'local') {
      const content = readLocalFile({ ...place, root });
      if (place.path.endsWith('.cab')) this.#expressions.push(content);
      return content;
    }
    return this.#stored.readFile({ ...place, root });
  }

  findSyntax(file: Uint8Array, variant: string): Uint8Array | undefined {
    return this.#options.syntax?.find(file, variant);
  }

  keepSyntax(file: Uint8Array, variant: string, syntax: Uint8Array): void {
    this.#options.syntax?.keep(file, variant, syntax);
  }

  readDirectory(place: TreePath): ReadonlyMap<string, EntryKind> {
    const root = place.root as WorkspaceRoot;
    if (root.kind === 'local') return readLocalDirectory({ ...place, root });
    return this.#stored.readDirectory({ ...place, root });
  }

  entryKind(place: TreePath): EntryKind | undefined {
    const root = place.root as WorkspaceRoot;
    if (root.kind === 'local') return localEntryKind({ ...place, root });
    return this.#stored.entryKind({ ...place, root });
  }

  addToStore(place: TreePath): StorePath {
    const memo = `${place.root.key} ${place.path}`;
    const known = this.#added.get(memo) ?? this.#addToStore(place);
    this.#added.set(memo, known);
    return known;
  }

  island(type: string, body: IslandBody, subtree: string, from: Root): IslandValue {
    const parsed = makeIsland(type, body, subtree);
    if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
    const memo = `${from.key} ${parsed.island.key}`;
    const before = this.#islands.get(memo);
    if (before !== undefined) return before;
    const island = this.#makeIsland(parsed.island, from as WorkspaceRoot);
    this.#islands.set(memo, island);
    return island;
  }

  toDerivation(island: IslandValue): Derivation {
    const { derivation, key } = island as WorkspaceIsland;
    if (derivation !== undefined) return derivation();
    throw new DiagnosticError({
      code: 'CAB3002',
      severity: 'error',
      message: `the island '${key}' is part of Cab, and there is no derivation that would fetch it`,
      hint: `a path inside of it can be used in a build, as in <${key}>/x`,
    });
  }

  outputRoot(derivation: Derivation, output: string): Root {
    return outputRoot(derivation, output);
  }

  trace(text: string): void {
    this.#options.emit({ type: 'trace', text });
  }

  /** How trees are read that are in the store, or in parts of it. */
  get stored(): StoredReading {
    return this.#stored;
  }

  /** Whether one of the local expressions that were read has the text of this key in it, needed in this run or not. */
  namesInFiles(key: string): boolean {
    return this.#expressions.some((text) => text.includes(key));
  }

  /** The keys of all islands that were met. */
  get islandKeys(): ReadonlySet<string> {
    return new Set([...this.#islands.values()].map(({ key }) => key));
  }

  /** The islands in whose place something is to be put, and which were not met. */
  get unusedOverrides(): readonly string[] {
    return [...this.#options.overrides.keys()].filter((key) => !this.#usedOverrides.has(key));
  }

  #addToStore(place: TreePath): StorePath {
    const root = place.root as WorkspaceRoot;
    const whole = root.kind === 'local' ? path.basename(root.folder) : root.derivation.name;
    const name = toStoreName(path.basename(place.path) || whole);
    if (root.kind === 'local') {
      return readLocal({ ...place, root }, (file) => this.#options.store.addLocal(file, name));
    }
    const output = this.#stored.whole(root);
    return this.#options.store.addPart(output, place.path, name) ?? raise(noSuchPath(place));
  }

  #makeIsland(island: Island, from: WorkspaceRoot): WorkspaceIsland {
    if (island.source.kind === 'library') return new WorkspaceIsland(island, libraryRoot(island), undefined);
    const override = this.#overrideOf(island.key);
    if (override !== undefined) {
      return new WorkspaceIsland(island, foreignRoot(override), this.#localDerivation(island, override));
    }
    if (island.source.kind === 'local') {
      const place = placeOfPathIsland(island, island.source, from);
      return new WorkspaceIsland(island, pathRoot(island, place), this.#localDerivation(island, place));
    }
    const derivation = islandDerivation(island, (name) => this.#programPath(name), this.#fixOf(island, from));
    this.#options.lock.register(derivation, island.key);
    return new WorkspaceIsland(island, islandRoot(island, derivation), () => derivation);
  }

  /** Fixed to what is in the local tree, which is looked at when a build first needs it. */
  #localDerivation(island: Island, place: string): () => Derivation {
    return once(() => {
      const tree = this.#options.store.addLocal(place, island.name);
      return islandDerivation(island, (name) => this.#programPath(name), fixedTo(tree));
    });
  }

  /** What stands in the island's place: a folder named for it, or in one named for the island that it is a sub-tree of. */
  #overrideOf(key: string): string | undefined {
    const { overrides } = this.#options;
    const { whole, subtree } = splitIslandKey(key);
    for (const [named, inner] of [[key, ''] as const, [whole, subtree] as const]) {
      const folder = overrides.get(named);
      if (folder === undefined) continue;
      this.#usedOverrides.add(named);
      return path.join(folder, inner);
    }
    return undefined;
  }

  /** A tree that comes with its own lock is read with it; what it leaves open fixes itself. */
  #fixOf(island: Island, from: WorkspaceRoot): Fix {
    const text = this.#ownLockOf(from);
    if (text === undefined) return { kind: 'self' };
    const parsed = parseLockFile(text, `${from.display}/${lockFileName}`);
    if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
    const pins = parsed.lock.islands.get(island.key) ?? {};
    return Object.keys(pins).length === 0 ? { kind: 'self' } : { kind: 'fixed', pins };
  }

  /** The lock that a tree comes with; the local tree's is the project's, and not meant. */
  #ownLockOf(root: WorkspaceRoot): string | undefined {
    if (root.kind === 'local' && !root.isForeign) return undefined;
    const place = { root, path: `/${lockFileName}` };
    if (this.entryKind(place) !== 'file') return undefined;
    return Buffer.from(this.readFile(place)).toString('utf8');
  }

  #programPath(name: string): StorePath {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    const file = `${name}.wasm`;
    const storePath = this.#options.store.addLocal(path.join(libraryFolder('programs'), file), file);
    this.#programs.set(name, storePath);
    return storePath;
  }
}

function fixedTo(storePath: StorePath): Fix {
  return { kind: 'fixed', pins: { cab: hashPartOfStorePath(storePath) } };
}

function raise(error: Error): never {
  throw error;
}
