import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { type WorkTree, findWorkTree, readText } from './work-tree.ts';

/** The patterns of one file, and the folder that they are relative to. */
interface Level {
  /** Relative to the top, with a slash at its end, or empty for the top itself. */
  readonly base: string;
  readonly patterns: readonly string[];
  readonly rules: Ignore;
}

/** What is left out below one folder. */
export interface IgnoreRules {
  /** Whether the top is that of a git work tree, where folders without files do not count. */
  readonly git: boolean;
  /** Whether the entry of the folder that these rules are for is left out. */
  ignores(name: string, isFolder: boolean): boolean;
  /** The rules for a folder in it that is not left out. */
  enter(name: string): IgnoreRules;
}

/** The rules for a folder on the machine: those of its git work tree, or, outside of one, of `.cabignore` files. */
export function ignoreRulesFor(folder: string): IgnoreRules {
  const workTree = findWorkTree(folder);
  if (workTree === undefined) return new FolderRules({ top: folder, fileName: '.cabignore' }, '', []);
  const place = { top: workTree.top, fileName: '.gitignore', workTree };
  const exclude = levelOf('', workTree.excludeFile);
  let rules = new FolderRules(place, '', exclude === undefined ? [] : [exclude]);
  const way = path.relative(workTree.top, folder);
  for (const name of way === '' ? [] : way.split(path.sep)) rules = rules.enter(name);
  return rules;
}

interface Place {
  readonly top: string;
  readonly fileName: string;
  readonly workTree?: WorkTree;
}

class FolderRules implements IgnoreRules {
  readonly git: boolean;
  readonly #place: Place;
  readonly #folder: string;
  /** Outermost first: what an inner file says goes before what an outer one says. */
  readonly #levels: readonly Level[];
  /** Set in a folder that is left out but for what git tracks in it. */
  readonly #onlyTracked: boolean;

  constructor(place: Place, folder: string, outer: readonly Level[], onlyTracked = false) {
    this.git = place.workTree !== undefined;
    this.#place = place;
    this.#folder = folder;
    this.#onlyTracked = onlyTracked;
    const own = onlyTracked ? undefined : levelOf(folder, path.join(place.top, folder, place.fileName));
    this.#levels = own === undefined ? outer : [...outer, own];
  }

  ignores(name: string, isFolder: boolean): boolean {
    if (!this.#matches(name, isFolder)) return false;
    return !(this.#place.workTree?.tracked().has(this.#folder + name) ?? false);
  }

  enter(name: string): FolderRules {
    const folder = `${this.#folder}${name}/`;
    const tracked = this.#place.workTree?.tracked;
    const onlyTracked = this.#matches(name, true) && (tracked?.().has(this.#folder + name) ?? false);
    return new FolderRules(
      this.#place,
      folder,
      onlyTracked ? [] : this.#levels.map((level) => passing(level, folder)),
      onlyTracked,
    );
  }

  #matches(name: string, isFolder: boolean): boolean {
    if (this.#onlyTracked) return true;
    const entry = this.#folder + name + (isFolder ? '/' : '');
    for (let index = this.#levels.length - 1; index >= 0; index--) {
      const { base, rules } = this.#levels[index] as Level;
      const { ignored, unignored } = rules.test(entry.slice(base.length));
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

function levelOf(base: string, file: string): Level | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.length === 0 ? undefined : makeLevel(base, patterns);
}

function makeLevel(base: string, patterns: readonly string[]): Level {
  return { base, patterns, rules: ignore({ ignorecase: false }).add(patterns) };
}

/**
 * The level as it counts inside a folder. Where it leaves the folder out and another level, or the user, took it in
 * all the same, the pattern that did so says nothing of what is inside.
 */
function passing(level: Level, folder: string): Level {
  let current = level;
  for (;;) {
    const { rule } = current.rules.test(folder.slice(level.base.length));
    if (rule === undefined) return current;
    const patterns = current.patterns.filter((pattern) => pattern !== rule.pattern);
    if (patterns.length === current.patterns.length) return current;
    current = makeLevel(level.base, patterns);
  }
}
