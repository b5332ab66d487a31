import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/index.ts';
import { type IgnoreRules, ignoreRulesFor } from '../workspace/index.ts';
import { unreadable } from './unreadable.ts';

/** A file that the command line means. */
export interface CabFile {
  /** As messages call it: relative to the folder that the command was started in. */
  readonly name: string;
  /** Where its content lies, at the end of all links. */
  readonly path: string;
}

/**
 * The files that are named, and in folders that are named all `.cab` files that git does not ignore, each once. Hidden folders
 * and `node_modules` are only looked into where they are named.
 *
 * @throws DiagnosticError CAB6101 where nothing is at a path, CAB6022 where a folder cannot be read.
 */
export function findCabFiles(
  words: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): readonly CabFile[] {
  const found = new Map<string, CabFile>();
  for (const word of words) {
    const place = realPathOf(path.resolve(folder, word), word);
    const files = statSync(place).isDirectory()
      ? filesIn(place, word, ignoreRulesFor(place, environment))
      : [{ name: word, path: place }];
    for (const file of files) if (!found.has(file.path)) found.set(file.path, file);
  }
  return [...found.values()];
}

function* filesIn(folder: string, name: string, outerRules: IgnoreRules): Generator<CabFile> {
  const entries = entriesOf(folder, name);
  const rules = outerRules.seeing(entries);
  for (const entry of entries) {
    const isFolder = entry.isDirectory();
    const file = { name: path.join(name, entry.name), path: path.join(folder, entry.name) };
    if (isFolder ? isPassedOver(entry.name) : !entry.isFile() || !entry.name.endsWith('.cab')) continue;
    if (rules.ignores(entry.name, isFolder)) continue;
    if (isFolder) yield* filesIn(file.path, file.name, rules.enter(entry.name));
    else yield file;
  }
}

function isPassedOver(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules';
}

function entriesOf(folder: string, name: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw unreadable(`the folder '${name}'`, (error as NodeJS.ErrnoException).code, error);
  }
}

function realPathOf(place: string, word: string): string {
  try {
    return realpathSync(place);
  } catch (cause) {
    const message = `there is no file or folder '${word}'`;
    const hint = 'see how it is written';
    throw new DiagnosticError({ code: 'CAB6101', severity: 'error', message, hint }, { cause });
  }
}
