import type { Dirent } from 'node:fs';
import path from 'node:path';
import { IgnoreFile } from './ignore-file.ts';
import { readText, readTextOfFile } from './read-text.ts';
import { type GitEnvironment, type WorkTree, findWorkTree, openWorkTree } from './work-tree.ts';

/** What is left out of one folder. */
export interface IgnoreRules {
  /** Whether the folder is in a git work tree, where folders without files do not count. */
  readonly git: boolean;
  /** The rules once it is known what is in the folder: with the patterns there, or those of a repository of its own. */
  seeing(entries: readonly Dirent[]): IgnoreRules;
  /** Whether an entry of the folder is left out. */
  ignores(name: string, isFolder: boolean): boolean;
  /** The rules for a folder in it that is not left out. */
  enter(name: string): IgnoreRules;
}

/** Leaves nothing out. */
export const noRules: IgnoreRules = {
  git: false,
  seeing: () => noRules,
  ignores: () => false,
  enter: () => noRules,
};

/** The rules for a folder on the machine: those of its git work tree, or, outside of one, of `.cabignore` files. */
export function ignoreRulesFor(folder: string, environment: GitEnvironment): IgnoreRules {
  const workTree = findWorkTree(folder, environment);
  const top = workTree?.top ?? folder;
  let rules: FolderRules = rulesOfTop(top, workTree, environment);
  for (const name of path.relative(top, folder).split(path.sep)) {
    if (name !== '') rules = rules.withOwnFile().enter(name);
  }
  return rules;
}

interface Place {
  readonly top: string;
  readonly fileName: string;
  readonly environment: GitEnvironment;
  readonly workTree: WorkTree | undefined;
}

function rulesOfTop(top: string, workTree: WorkTree | undefined, environment: GitEnvironment): FolderRules {
  const fileName = workTree === undefined ? '.cabignore' : '.gitignore';
  // What stands last goes first.
  const levels = (workTree?.excludeFiles ?? []).map((file) => patternsIn(readText(file), '', workTree));
  const found = levels.filter((level) => level !== undefined);
  return new FolderRules({ top, fileName, environment, workTree }, '', found, false);
}

class FolderRules implements IgnoreRules {
  readonly git: boolean;
  readonly #place: Place;
  /** Relative to the top, with a slash at its end. */
  readonly #folder: string;
  /** Outermost first: what an inner file says goes before what an outer one says. */
  readonly #levels: readonly IgnoreFile[];
  /** Set in a folder that is left out but for what git tracks in it. */
  readonly #onlyTracked: boolean;

  constructor(place: Place, folder: string, levels: readonly IgnoreFile[], onlyTracked: boolean) {
    this.git = place.workTree !== undefined;
    this.#place = place;
    this.#folder = folder;
    this.#levels = levels;
    this.#onlyTracked = onlyTracked;
  }

  seeing(entries: readonly Dirent[]): FolderRules {
    const rules = this.#folder !== '' && entries.some(isGit) ? this.#ofRepository() : this;
    return entries.some((entry) => entry.name === rules.#place.fileName) ? rules.withOwnFile() : rules;
  }

  /** These rules with the patterns of the file in this folder. */
  withOwnFile(): FolderRules {
    if (this.#onlyTracked) return this;
    const { top, fileName, workTree } = this.#place;
    const text = readTextOfFile(path.join(top, this.#folder, fileName));
    const own = patternsIn(text, this.#folder, workTree);
    if (own === undefined) return this;
    return new FolderRules(this.#place, this.#folder, [...this.#levels, own], false);
  }

  ignores(name: string, isFolder: boolean): boolean {
    return this.#matches(name, isFolder) && !this.#isTracked(name);
  }

  enter(name: string): FolderRules {
    const onlyTracked = this.#matches(name, true) && this.#isTracked(name);
    return new FolderRules(this.#place, `${this.#folder}${name}/`, this.#levels, onlyTracked);
  }

  /** A repository within another tree has rules of its own. */
  #ofRepository(): FolderRules {
    const { top, environment } = this.#place;
    const inner = openWorkTree(path.join(top, this.#folder), environment);
    return inner === undefined ? this : rulesOfTop(inner.top, inner, environment);
  }

  #isTracked(name: string): boolean {
    return this.#place.workTree?.tracked().has(this.#folder + name) ?? false;
  }

  #matches(name: string, isFolder: boolean): boolean {
    if (this.#onlyTracked) return true;
    for (let index = this.#levels.length - 1; index >= 0; index--) {
      const verdict = this.#levels[index]?.verdict(this.#folder, name, isFolder);
      if (verdict !== undefined) return verdict === 'ignored';
    }
    return false;
  }
}

function isGit({ name }: Dirent): boolean {
  return name === '.git';
}

function patternsIn(text: string | undefined, base: string, workTree: WorkTree | undefined) {
  return text === undefined ? undefined : IgnoreFile.parse(text, base, workTree?.ignoresCase);
}
