import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';
import { CompletionItemKind } from 'vscode-languageserver';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { placeOfPath } from '../files/places.ts';
import type { Candidate } from '../features/completion.ts';

/** How many entries of a folder are offered. */
const entriesLimit = 2000;

/** Names that a path may have without an interpolation. */
const plainEntry = /^[A-Za-z0-9._+@-]+$/;

/** What lies in the folder that a path as written so far leads to. */
export function pathCompletions(file: AnalysedFile, folder: string): readonly Candidate[] {
  const place = placeOfPath(file, folder);
  return place === undefined ? [] : placesIn(place);
}

export function placesIn(folder: string): readonly Candidate[] {
  const entries = entriesOf(folder).filter(({ name }) => plainEntry.test(name));
  return entries.slice(0, entriesLimit).map((entry) => {
    const isFolder = entry.isDirectory();
    return {
      label: isFolder ? `${entry.name}/` : entry.name,
      text: entry.name,
      kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
      detail: path.join(folder, entry.name),
      group: isFolder ? 1 : 2,
    };
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
