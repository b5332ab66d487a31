import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Claim } from '../derivations/index.ts';
import { type StorePath, parseStorePath, storeFolder } from '../foundation/index.ts';
import { DiagnosticError } from '../diagnostics/index.ts';
import { errorCode } from './faults.ts';
import type { Metadata } from './metadata.ts';

/**
 * What keeps outputs from being collected: a link to one, such as a result link; a lock file, for what it pins; or an output by
 * itself. `path` is where the link or the lock lies, or the output's store path.
 */
export interface Root {
  readonly kind: 'link' | 'lock' | 'output';
  readonly path: string;
}

/** A root with what it keeps now, of what is there. */
export interface RootState extends Root {
  /** `gone` where there is nothing any more that could keep anything; `unreadable` where that cannot be told. */
  readonly state: 'good' | 'gone' | 'unreadable';
  readonly keeps: readonly StorePath[];
  /** Why it cannot be read. */
  readonly reason?: string;
}

/**
 * What a lock file pins: for each pin a claim, of whichever formats. The store knows no lock files, and is told.
 *
 * @throws DiagnosticError where the text is no lock file.
 */
export type LockReader = (text: string, name: string) => readonly Claim[];

/** The roots that were registered. */
export class Roots {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** Registers roots; those that are known already cost no more than a look. */
  add(roots: readonly Root[]): void {
    const isNew = ({ path: place, kind }: Root): boolean =>
      this.#metadata.get('SELECT 1 FROM roots WHERE path = ? AND kind = ?', place, kind) === undefined;
    const added = roots.filter(isNew);
    if (added.length === 0) return;
    this.#metadata.transaction(() => {
      for (const { path: place, kind } of added) {
        this.#metadata.run(
          'INSERT INTO roots (path, kind) VALUES (?, ?) ON CONFLICT DO UPDATE SET kind = excluded.kind',
          place,
          kind,
        );
      }
    });
  }

  /** Whether there was such a root. */
  remove(place: string): boolean {
    return this.#metadata.get('DELETE FROM roots WHERE path = ? RETURNING path', place) !== undefined;
  }

  /** All of them, sorted by path. */
  all(): Root[] {
    return this.#metadata.all('SELECT path, kind FROM roots ORDER BY path') as unknown as Root[];
  }
}

/** How the system says that a file is not there, or is no link; whatever else it says leaves open what a root keeps. */
const goneCodes = new Set(['ENOENT', 'ENOTDIR', 'EINVAL', 'ELOOP']);

/** Looks at what roots keep. */
export class RootLook {
  readonly #metadata: Metadata;
  readonly #store: string;
  readonly #readLock: LockReader;
  #claimed: ReadonlyMap<string, readonly StorePath[]> | undefined;

  constructor(options: {
    readonly metadata: Metadata;
    readonly store: string;
    readonly readLock: LockReader;
  }) {
    this.#metadata = options.metadata;
    this.#store = options.store;
    this.#readLock = options.readLock;
  }

  stateOf(root: Root): RootState {
    try {
      return root.kind === 'lock' ? this.#lock(root) : this.#output(root);
    } catch (error) {
      const code = errorCode(error);
      if (code !== undefined && goneCodes.has(code)) return { ...root, state: 'gone', keeps: [] };
      if (code === undefined && !(error instanceof DiagnosticError)) throw error;
      const known = error instanceof DiagnosticError ? error.diagnostics[0]?.message : undefined;
      const reason = known ?? `the system says ${code}`;
      return { ...root, state: 'unreadable', keeps: [], reason };
    }
  }

  /** The output that a link leads to, directly or by others; undefined where it leads elsewhere. */
  outputBehind(link: string): StorePath | undefined {
    const target = path.resolve(path.dirname(link), readlinkSync(link));
    return (
      outputAt(target, storeFolder) ??
      outputAt(target, path.join(this.#store, 'store')) ??
      outputAt(realpathSync(link), path.join(realpathSync(this.#store), 'store'))
    );
  }

  /** The outputs that a lock file's text pins, as far as they are there. */
  pinnedBy(text: string, name: string): StorePath[] {
    return this.#readLock(text, name).flatMap((claim) => [
      ...(claim.format === 'cab' ? this.#withHashPart(claim.value) : []),
      ...(this.#allClaimed().get(`${claim.format}:${claim.value}`) ?? []),
    ]);
  }

  #lock(root: Root): RootState {
    const text = readFileSync(root.path, 'utf8');
    return { ...root, state: 'good', keeps: [...new Set(this.pinnedBy(text, root.path))].toSorted() };
  }

  #output(root: Root): RootState {
    const output = root.kind === 'link' ? this.outputBehind(root.path) : parseStorePath(root.path);
    if (output === undefined || !this.#isPresent(output)) return { ...root, state: 'gone', keeps: [] };
    return { ...root, state: 'good', keeps: [output] };
  }

  #isPresent(output: StorePath): boolean {
    return this.#metadata.get('SELECT 1 FROM outputs WHERE path = ? AND present = 1', output) !== undefined;
  }

  /** The outputs that are there with this hash part, whatever their names. `.` is the character behind `-`. */
  #withHashPart(hashPart: string): StorePath[] {
    const rows = this.#metadata.all(
      'SELECT path FROM outputs WHERE path > ? AND path < ? AND present = 1',
      `${storeFolder}/${hashPart}-`,
      `${storeFolder}/${hashPart}.`,
    );
    return rows.map((row) => row['path'] as StorePath);
  }

  /** The outputs that are there by what was claimed of them, in whichever scope: a lock does not tell the scope. */
  #allClaimed(): ReadonlyMap<string, readonly StorePath[]> {
    if (this.#claimed !== undefined) return this.#claimed;
    const claimed = new Map<string, StorePath[]>();
    const rows = this.#metadata.all(
      'SELECT DISTINCT format, value, path FROM claims JOIN outputs ON outputs.id = output WHERE present = 1',
    );
    for (const row of rows) {
      const claim = `${row['format'] as string}:${row['value'] as string}`;
      const before = claimed.get(claim);
      if (before === undefined) claimed.set(claim, [row['path'] as StorePath]);
      else before.push(row['path'] as StorePath);
    }
    this.#claimed = claimed;
    return claimed;
  }
}

function outputAt(target: string, folder: string): StorePath | undefined {
  if (!target.startsWith(`${folder}/`)) return undefined;
  const [name] = target.slice(folder.length + 1).split('/');
  return parseStorePath(`${storeFolder}/${name}`);
}
