import { type Stats, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { folderFile } from '../../language/evaluation/index.ts';
import { staticText } from '../../language/resolution/index.ts';
import type { SyntaxNode } from '../../language/syntax/index.ts';
import { libraryFolder, lockFileName } from '../../workspace/index.ts';
import { writtenIsland } from '../islands/written-island.ts';
import type { AnalysedFile } from './analysed-file.ts';

export type KindAtPlace = 'file' | 'directory' | 'other';

/**
 * The top of the tree that a file lies in: its git work tree, as for the command; without one the folder of its project, which
 * is where its lock or entry file is.
 */
export function rootOf(file: string): string {
  const folder = path.dirname(file);
  return (
    nearestWith(folder, '.git') ??
    nearestWith(folder, lockFileName) ??
    nearestWith(folder, folderFile) ??
    folder
  );
}

const roots = new WeakMap<AnalysedFile, string>();

/** The same of a version of a document, looked for once. */
function rootFor(file: AnalysedFile): string | undefined {
  if (file.place === undefined) return undefined;
  const root = roots.get(file) ?? rootOf(file.place);
  roots.set(file, root);
  return root;
}

/** The nearest folder, this one or one above, that has an entry of this name. */
export function nearestWith(folder: string, name: string): string | undefined {
  for (let current = folder; ; current = path.dirname(current)) {
    if (existsSync(path.join(current, name))) return current;
    if (path.dirname(current) === current) return undefined;
  }
}

/** The place of this machine that a path or island names; undefined where that is computed, elsewhere, or out of the tree. */
export function placeNamedBy(file: AnalysedFile, node: SyntaxNode): string | undefined {
  if (node.kind === 'path') return placeOfPath(file, staticText(node));
  if (node.kind !== 'island') return undefined;
  const { result, inner } = writtenIsland(node);
  if (result?.ok !== true || inner === undefined) return undefined;
  const { source } = result.island;
  if (source.kind === 'fetched') return undefined;
  if (source.kind === 'library') return path.join(libraryFolder(source.folder), inner);
  if (!path.isAbsolute(source.place) && file.place === undefined) return undefined;
  return path.join(path.resolve(rootFor(file) ?? '/', source.place, source.subtree), inner);
}

/** The place that a path as written means in a file. */
export function placeOfPath(file: AnalysedFile, text: string | undefined): string | undefined {
  const { place } = file;
  const root = rootFor(file);
  if (text === undefined || place === undefined || root === undefined) return undefined;
  const named = text.startsWith('/') ? path.join(root, text) : path.join(path.dirname(place), text);
  return isWithin(root, named) ? named : undefined;
}

export function isWithin(folder: string, place: string): boolean {
  const relative = path.relative(folder, place);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

export function kindAt(place: string): KindAtPlace | undefined {
  const status = statusOf(place);
  if (status === undefined) return undefined;
  if (status.isDirectory()) return 'directory';
  return status.isFile() ? 'file' : 'other';
}

/** The file that `import` reads of a place: of a folder its entry. */
export function importedPlace(place: string): string {
  return kindAt(place) === 'directory' ? path.join(place, folderFile) : place;
}

function statusOf(place: string): Stats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
