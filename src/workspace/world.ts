import { type Dirent, lstatSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Derivation, Fix } from '../derivations/index.ts';
import { DiagnosticError } from '../diagnostics/index.ts';
import { type StorePath, hashPartOfStorePath, toStoreName } from '../foundation/index.ts';
import {
  type Island,
  type IslandBody,
  islandDerivation,
  makeIsland,
  parseLockFile,
  splitIslandKey,
} from '../islands/index.ts';
import {
  EffectNeeded,
  type EntryKind,
  type IslandValue,
  type Root,
  type TreePath,
  type World,
} from '../language/evaluation/index.ts';
import type { Store } from '../store/index.ts';
import type { LockSession } from './lock-session.ts';
import { libraryFolder } from './locations.ts';
import {
  type LocalRoot,
  type WorkspaceRoot,
  islandRoot,
  libraryRoot,
  localRoot,
  outputRoot,
} from './roots.ts';

/** What evaluation waits for: an output that has to be there before it can be read. */
export interface RealizeEffect {
  readonly derivation: Derivation;
  readonly output: string;
}

/** An island as evaluation holds it, with what the workspace knows of it. */
class WorkspaceIsland implements IslandValue {
  readonly key: string;
  readonly root: WorkspaceRoot;
  readonly derivation: Derivation | undefined;

  constructor(island: Island, root: WorkspaceRoot, derivation: Derivation | undefined) {
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
  readonly trace: (text: string) => void;
}

/** Evaluation's view of this machine, the store and the islands. */
export class WorkspaceWorld implements World {
  readonly #options: WorldOptions;
  readonly #islands = new Map<string, WorkspaceIsland>();
  readonly #usedOverrides = new Set<string>();
  #program: StorePath | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  readFile(place: TreePath): Uint8Array {
    const root = place.root as WorkspaceRoot;
    if (root.kind === 'local') return readLocal(place, (file) => readFileSync(file), root);
    const entry = this.#lookup(place);
    if (entry === undefined) throw noSuchPath(place);
    if (entry.kind !== 'file') throw wrongKind(place, 'a file', entry.kind);
    return this.#options.store.blobs.read(entry.digest);
  }

  readDirectory(place: TreePath): ReadonlyMap<string, EntryKind> {
    const root = place.root as WorkspaceRoot;
    if (root.kind === 'local') {
      const entries = readLocal(place, (folder) => readdirSync(folder, { withFileTypes: true }), root);
      return new Map(entries.map((entry) => [entry.name, kindOf(entry)]));
    }
    const entry = this.#lookup(place);
    if (entry === undefined) throw noSuchPath(place);
    if (entry.kind !== 'directory') throw wrongKind(place, 'a folder', entry.kind);
    const { files, directories, symlinks } = entry.tree;
    return new Map<string, EntryKind>([
      ...files.map(({ name }) => [name, 'file'] as const),
      ...directories.map(({ name }) => [name, 'directory'] as const),
      ...symlinks.map(({ name }) => [name, 'symlink'] as const),
    ]);
  }

  entryKind(place: TreePath): EntryKind | undefined {
    const root = place.root as WorkspaceRoot;
    if (root.kind === 'stored') return this.#lookup(place)?.kind;
    const stats = lstatSync(path.join(root.folder, place.path), { throwIfNoEntry: false });
    return stats === undefined ? undefined : kindOf(stats);
  }

  addToStore(place: TreePath): StorePath {
    const root = place.root as WorkspaceRoot;
    const whole = root.kind === 'local' ? path.basename(root.folder) : root.derivation.name;
    const name = toStoreName(path.basename(place.path) || whole);
    if (root.kind === 'local') {
      return readLocal(place, (file) => this.#options.store.addLocal(file, name), root);
    }
    const output = this.#present(root.derivation, root.output);
    return this.#options.store.addPart(output, place.path, name) ?? raise(noSuchPath(place));
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
    if (derivation !== undefined) return derivation;
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
    this.#options.trace(text);
  }

  /** The keys of all islands that were met. */
  get islandKeys(): ReadonlySet<string> {
    return new Set([...this.#islands.values()].map(({ key }) => key));
  }

  /** The islands in whose place something is to be put, and which were not met. */
  get unusedOverrides(): readonly string[] {
    return [...this.#options.overrides.keys()].filter((key) => !this.#usedOverrides.has(key));
  }

  #makeIsland(island: Island, from: WorkspaceRoot): WorkspaceIsland {
    if (island.source.kind === 'library') return new WorkspaceIsland(island, libraryRoot(island), undefined);
    const override = this.#overrideOf(island.key);
    if (override !== undefined) {
      const path = this.#options.store.addLocal(override, island.name);
      const derivation = islandDerivation(island, this.#fetchProgram(), fixedTo(path));
      return new WorkspaceIsland(island, localRoot(override), derivation);
    }
    const derivation = islandDerivation(island, this.#fetchProgram(), this.#fixOf(island, from));
    if (derivation.fix.kind === 'self') this.#options.lock.register(derivation, island.key);
    return new WorkspaceIsland(island, islandRoot(island, derivation), derivation);
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
    if (from.kind === 'local') return { kind: 'self' };
    const lock = this.#options.store.lookup(this.#present(from.derivation, from.output), '/cab.lock');
    if (lock?.kind !== 'file') return { kind: 'self' };
    const text = Buffer.from(this.#options.store.blobs.read(lock.digest)).toString('utf8');
    const parsed = parseLockFile(text, `${from.display}/cab.lock`);
    if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
    const pins = Object.entries(parsed.lock.islands.get(island.key) ?? {});
    const pin = pins.find(([format]) => format === 'cab') ?? pins[0];
    return pin === undefined ? { kind: 'self' } : { kind: 'fixed', format: pin[0], value: pin[1] };
  }

  #fetchProgram(): StorePath {
    this.#program ??= this.#options.store.addLocal(
      path.join(libraryFolder('programs'), 'fetch.wasm'),
      'fetch.wasm',
    );
    return this.#program;
  }

  #lookup({ root, path: inner }: TreePath): ReturnType<Store['lookup']> {
    if ((root as WorkspaceRoot).kind !== 'stored') throw new Error(`${root.key} is not in the store`);
    const { derivation, output } = root as WorkspaceRoot & { kind: 'stored' };
    return this.#options.store.lookup(this.#present(derivation, output), inner);
  }

  #present(derivation: Derivation, output: string): StorePath {
    const present = this.#options.presentPath(derivation, output);
    if (present === undefined) throw new EffectNeeded({ derivation, output } satisfies RealizeEffect);
    return present;
  }
}

function fixedTo(storePath: StorePath): Fix {
  return { kind: 'fixed', format: 'cab', value: hashPartOfStorePath(storePath) };
}

/** Reads below a local root, and not through a symbolic link out of it. */
function readLocal<T>(place: TreePath, read: (file: string) => T, root: LocalRoot): T {
  const file = path.join(root.folder, place.path);
  try {
    const real = realpathSync(file);
    const realRoot = realpathSync(root.folder);
    if (real !== realRoot && !real.startsWith(realRoot === '/' ? '/' : `${realRoot}/`))
      throw leadsOutside(place, real);
    return read(file);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw failedToRead(place, error as NodeJS.ErrnoException);
  }
}

function kindOf(entry: Pick<Dirent, 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isSymbolicLink()) return 'symlink';
  return entry.isDirectory() ? 'directory' : 'file';
}

function failedToRead(place: TreePath, error: NodeJS.ErrnoException): DiagnosticError {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return noSuchPath(place);
    case 'EISDIR':
      return wrongKind(place, 'a file', 'directory');
    case undefined:
      throw error;
    default:
      return new DiagnosticError({
        code: 'CAB6102',
        severity: 'error',
        message: `${show(place)} cannot be read (${error.code})`,
      });
  }
}

function noSuchPath(place: TreePath): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6101',
    severity: 'error',
    message: `${show(place)} does not exist`,
    hint: 'paths are relative to the file that they stand in',
  });
}

function wrongKind(place: TreePath, wanted: string, actual: EntryKind): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6102',
    severity: 'error',
    message: `${show(place)} is not ${wanted}, but a ${actual === 'symlink' ? 'symbolic link' : actual}`,
  });
}

function leadsOutside(place: TreePath, target: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6103',
    severity: 'error',
    message: `${show(place)} is a symbolic link out of its tree, to '${target}'`,
    hint: 'an expression sees only its own tree: what it needs from elsewhere has to be an island or an argument',
  });
}

function show({ root, path: inner }: TreePath): string {
  return `'${root.display}${inner === '/' ? '' : inner}'`;
}

function raise(error: Error): never {
  throw error;
}
