import { type Stats, lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { DigestHasher, storeFolder } from '../../foundation/index.ts';
import { readEntries, readTarget, specialKind } from '../disk-entries.ts';
import type { SymlinkNode } from '../directory.ts';
import { cannotHold } from '../faults.ts';
import { type IgnoreRules, ignoreRulesFor } from './ignore-rules.ts';

/** A file of a local tree by its status; its content has not been looked at. */
export interface LocalFile {
  readonly name: string;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Changes whenever the content may have changed. */
  readonly status: string;
  /** Whether a change could have gone by without changing the status. */
  readonly recent: boolean;
  readonly executable: boolean;
}

export interface LocalDirectory {
  readonly files: readonly LocalFile[];
  readonly directories: readonly { readonly name: string; readonly directory: LocalDirectory }[];
  readonly symlinks: readonly SymlinkNode[];
}

/** A local tree as one look found it. */
export interface LocalTree {
  readonly root: LocalDirectory;
  /** Equal for two looks only if the tree was the same; undefined where a file changed a moment ago. */
  readonly fingerprint: string | undefined;
}

export interface LocalOptions {
  /** Whether to leave an entry out, by its path relative to the tree. */
  readonly exclude?: (relative: string) => boolean;
  /** The time in milliseconds since 1970, where it is not to be the system's. */
  readonly now?: () => number;
}

/** How long ago a file must have changed for its status to tell, in milliseconds: the coarsest clock of a file system. */
const settledMs = 2000;

/** Looks at a folder or file, an absolute path without symbolic links; `store` is where the store lies. */
export function lookAtLocalTree(target: string, store: string, options: LocalOptions): LocalTree {
  const look = new Look(store, options);
  const status = lstatSync(target);
  const root = status.isDirectory()
    ? look.directory(target, '', ignoreRulesFor(target))
    : { files: [look.file('', target, status)], directories: [], symlinks: [] };
  return { root, fingerprint: look.fingerprint() };
}

class Look {
  readonly #store: string;
  readonly #realStore: string;
  readonly #exclude: (relative: string) => boolean;
  readonly #startMs: number;
  readonly #hasher = new DigestHasher();
  #lines: string[] = [];
  #recent = false;

  constructor(store: string, options: LocalOptions) {
    this.#store = store;
    this.#realStore = realpathSync(store);
    this.#exclude = options.exclude ?? (() => false);
    this.#startMs = (options.now ?? Date.now)();
  }

  fingerprint(): string | undefined {
    this.#flush();
    return this.#recent ? undefined : this.#hasher.digest();
  }

  directory(folder: string, relative: string, rules: IgnoreRules): LocalDirectory {
    const files: LocalFile[] = [];
    const directories: { name: string; directory: LocalDirectory }[] = [];
    const symlinks: SymlinkNode[] = [];
    const entries = readEntries(folder).toSorted((left, right) => (left.name < right.name ? -1 : 1));
    for (const entry of entries) {
      const { name } = entry;
      const entryPath = `${folder === '/' ? '' : folder}/${name}`;
      const entryRelative = relative + name;
      if (name === '.git' || entryPath === this.#realStore) continue;
      if (rules.ignores(name, entry.isDirectory()) || this.#exclude(entryRelative)) continue;
      if (entry.isDirectory()) {
        const directory = this.directory(entryPath, `${entryRelative}/`, rules.enter(name));
        if (rules.git && isEmpty(directory)) continue;
        this.#note(`${entryRelative}/`);
        directories.push({ name, directory });
      } else if (entry.isSymbolicLink()) {
        const target = readTarget(entryPath);
        if (this.#isResultLink(name, target)) continue;
        this.#note(`${entryRelative}\0${target}`);
        symlinks.push({ name, target });
      } else {
        const status = lstatSync(entryPath, { throwIfNoEntry: false });
        if (status !== undefined) files.push(this.file(name, entryPath, status, entryRelative));
      }
    }
    return { files, directories, symlinks };
  }

  file(name: string, filePath: string, status: Stats, relative = name): LocalFile {
    if (!status.isFile()) {
      throw cannotHold(filePath, specialKind(status), 'remove it, or let git or .cabignore ignore it');
    }
    const { dev, ino, size, mtimeMs, ctimeMs, mode } = status;
    const text = `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}:${mode}`;
    const recent = ctimeMs > this.#startMs - settledMs;
    this.#recent ||= recent;
    this.#note(`${relative}\0${text}`);
    return { name, path: filePath, size, status: text, recent, executable: (mode & 0o100) !== 0 };
  }

  /** The links that `cab build` leaves are no part of the source. */
  #isResultLink(name: string, target: string): boolean {
    if (name !== 'result' && !name.startsWith('result-')) return false;
    return target.startsWith(`${storeFolder}/`) || target.startsWith(`${path.join(this.#store, 'store')}/`);
  }

  #note(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length >= 1024) this.#flush();
  }

  #flush(): void {
    this.#hasher.update(`${this.#lines.join('\n\0')}\n\0`);
    this.#lines = [];
  }
}

function isEmpty({ files, directories, symlinks }: LocalDirectory): boolean {
  return files.length + directories.length + symlinks.length === 0;
}
