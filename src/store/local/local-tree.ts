import { type Dirent, type Stats, lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Digest, storeFolder } from '../../foundation/index.ts';
import { readEntries, readTarget, specialKind } from '../disk-entries.ts';
import type { SymlinkNode } from '../directory.ts';
import { cannotHold } from '../faults.ts';
import { Fingerprint } from './fingerprint.ts';
import type { GitEnvironment } from './git-config.ts';
import { type IgnoreRules, ignoreRulesFor, noRules } from './ignore-rules.ts';

/** A file of a local tree by its status; its content has not been looked at. */
export interface LocalFile {
  readonly name: string;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly status: Stats;
  /** Whether a change could have gone by without changing the status. */
  readonly recent: boolean;
}

export interface LocalDirectory {
  /** Its path; of a file that was added alone, that of the file. */
  readonly path: string;
  readonly files: readonly LocalFile[];
  readonly directories: readonly { readonly name: string; readonly directory: LocalDirectory }[];
  readonly symlinks: readonly SymlinkNode[];
}

/** A local tree as one look found it. */
export interface LocalTree {
  readonly root: LocalDirectory;
  /** Equal for two looks only if the tree was the same; undefined where a file changed a moment ago. */
  readonly fingerprint: Digest | undefined;
}

export interface LocalOptions {
  /** Whether to leave an entry out, by its path relative to the tree. */
  readonly exclude?: (relative: string) => boolean;
  /** Whether nothing is left out, be it ignored or not, but a store that lies in the tree. */
  readonly everything?: boolean;
  /** Where git's configuration is found, where that is not the process's environment. */
  readonly environment?: GitEnvironment;
  /** The time in milliseconds since 1970, where it is not to be the system's. */
  readonly now?: () => number;
}

/** How long ago a file must have changed for its status to tell, in milliseconds: the coarsest clock of a file system. */
const settledMs = 2000;

/** Looks at a folder or file, an absolute path without symbolic links; `store` is where the store lies. */
export function lookAtLocalTree(
  target: string,
  store: string,
  options: LocalOptions,
  onFile: (file: LocalFile) => void = () => undefined,
): LocalTree {
  const look = new Look(store, options, onFile);
  const status = lstatSync(target);
  const root = status.isDirectory()
    ? look.directory(target, '', rulesFor(target, options))
    : { path: target, files: [look.file('', target, status)], directories: [], symlinks: [] };
  return { root, fingerprint: look.fingerprint() };
}

function rulesFor(target: string, { everything = false, environment = process.env }: LocalOptions) {
  return everything ? noRules : ignoreRulesFor(target, environment);
}

class Look {
  readonly #store: string;
  readonly #realStore: string;
  readonly #exclude: ((relative: string) => boolean) | undefined;
  readonly #everything: boolean;
  readonly #settledBefore: number;
  readonly #onFile: (file: LocalFile) => void;
  readonly #fingerprint = new Fingerprint();
  #recent = false;

  constructor(store: string, options: LocalOptions, onFile: (file: LocalFile) => void) {
    this.#store = store;
    this.#realStore = realpathSync(store);
    this.#exclude = options.exclude;
    this.#everything = options.everything ?? false;
    this.#settledBefore = (options.now ?? Date.now)() - settledMs;
    this.#onFile = onFile;
  }

  fingerprint(): Digest | undefined {
    return this.#recent ? undefined : this.#fingerprint.digest();
  }

  directory(folder: string, relative: string, outer: IgnoreRules): LocalDirectory {
    const files: LocalFile[] = [];
    const directories: { name: string; directory: LocalDirectory }[] = [];
    const symlinks: SymlinkNode[] = [];
    const entries = readEntries(folder).toSorted(byName);
    const rules = outer.seeing(entries);
    const prefix = folder === '/' ? '/' : `${folder}/`;
    for (const entry of entries) {
      const { name } = entry;
      const isFolder = entry.isDirectory();
      const entryPath = prefix + name;
      if (rules.ignores(name, isFolder) || this.#isLeftOut(name, entryPath, relative + name)) continue;
      if (isFolder) {
        const directory = this.#child(name, entryPath, relative, rules);
        if (directory !== undefined) directories.push({ name, directory });
      } else if (entry.isSymbolicLink()) {
        const target = readTarget(entryPath);
        if (this.#isResultLink(name, target)) continue;
        this.#fingerprint.symlink(name, target);
        symlinks.push({ name, target });
      } else {
        const status = lstatSync(entryPath, { throwIfNoEntry: false });
        if (status !== undefined) files.push(this.file(name, entryPath, status));
      }
    }
    return { path: folder, files, directories, symlinks };
  }

  file(name: string, filePath: string, status: Stats): LocalFile {
    if (!status.isFile()) {
      throw cannotHold(filePath, specialKind(status), 'remove it, or let git or .cabignore ignore it');
    }
    const recent = status.ctimeMs > this.#settledBefore;
    this.#recent ||= recent;
    this.#fingerprint.file(name, status);
    const file = { name, path: filePath, size: status.size, status, recent };
    this.#onFile(file);
    return file;
  }

  #child(name: string, folder: string, relative: string, rules: IgnoreRules): LocalDirectory | undefined {
    const inner = rules.enter(name);
    this.#fingerprint.folder(name);
    const directory = this.directory(folder, `${relative}${name}/`, inner);
    this.#fingerprint.endOfFolder();
    return rules.git && isEmpty(directory) ? undefined : directory;
  }

  #isLeftOut(name: string, entryPath: string, relative: string): boolean {
    if (entryPath === this.#realStore || this.#exclude?.(relative) === true) return true;
    return name === '.git' && !this.#everything;
  }

  /** The links that `cab build` leaves are no part of the source. */
  #isResultLink(name: string, target: string): boolean {
    if (this.#everything || (name !== 'result' && !name.startsWith('result-'))) return false;
    return target.startsWith(`${storeFolder}/`) || target.startsWith(`${path.join(this.#store, 'store')}/`);
  }
}

function byName(left: Dirent, right: Dirent): number {
  return left.name < right.name ? -1 : 1;
}

function isEmpty({ files, directories, symlinks }: LocalDirectory): boolean {
  return files.length + directories.length + symlinks.length === 0;
}
