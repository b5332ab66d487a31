import path from 'node:path';
import { CompletionItemKind } from 'vscode-languageserver';
import { islandTypes } from '../../workspace/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import type { Candidate } from '../features/completion.ts';
import { placesIn } from './paths.ts';
import { rootOf } from '../files/places.ts';

/** The types of islands behind `<`, and behind `<type:` what this machine knows of: Cab's own islands, and folders. */
export function islandCompletions(
  file: AnalysedFile,
  context:
    | { readonly kind: 'island-type' }
    | { readonly kind: 'island-body'; readonly type: string; readonly written: string },
): readonly Candidate[] {
  if (context.kind === 'island-type') return typeCandidates();
  const { type, written } = context;
  if (type === 'cab') return libraryCandidates(written);
  if (type !== 'path' || file.place === undefined || !/^(\.{1,2}\/|\/)/.test(written)) return [];
  const folder = path.resolve(rootOf(file.place), written.slice(0, written.lastIndexOf('/') + 1));
  return placesIn(folder);
}

function typeCandidates(): readonly Candidate[] {
  return [...islandTypes.values()].map(({ name, form }) => ({
    label: name,
    text: `${name}:`,
    kind: CompletionItemKind.Module,
    detail: `<${form}>`,
    group: 1,
  }));
}

function libraryCandidates(written: string): readonly Candidate[] {
  if (written.includes('/')) return [];
  const type = islandTypes.get('cab');
  return ['packages', 'programs']
    .filter((name) => type?.parse(name, '').ok === true)
    .map((label) => ({ label, kind: CompletionItemKind.Module, detail: `<cab:${label}>`, group: 1 }));
}
