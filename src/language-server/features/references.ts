import {
  type CancellationToken,
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
} from 'vscode-languageserver';
import { type AnalysedFile, rangeOf } from '../files/analysed-file.ts';
import { occurrencesIn, occurrencesOf } from '../occurrences.ts';
import { namedAt } from '../referent.ts';
import type { Session } from '../session.ts';
import { locationOf } from './definition.ts';

/** Every place that names what is named at the offset, in all files of the editor's folders. */
export async function referencesAt(
  session: Session,
  file: AnalysedFile,
  offset: number,
  withDefinition: boolean,
  token: CancellationToken,
): Promise<readonly Location[]> {
  const named = namedAt(session, file, offset);
  if (named === undefined) return [];
  const occurrences = await occurrencesOf(session, named.referent, token);
  return occurrences
    .filter(({ isDefinition }) => withDefinition || !isDefinition)
    .map((occurrence) => locationOf(occurrence.file, occurrence));
}

/** The places of this document alone. */
export function highlightsAt(session: Session, file: AnalysedFile, offset: number): DocumentHighlight[] {
  const named = namedAt(session, file, offset);
  if (named === undefined) return [];
  return occurrencesIn(session, file, named.referent).map((occurrence) => ({
    range: rangeOf(file, occurrence),
    kind: occurrence.isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
