import type { DiagnosticCode } from '../../diagnostics/index.ts';
import type { Place } from '../../language/resolution/index.ts';

export interface TextChange extends Place {
  readonly text: string;
}

/** A change of the file that removes what was found. */
export interface Fix {
  readonly title: string;
  readonly changes: readonly TextChange[];
  /** Whether it is surely what was meant. */
  readonly isPreferred: boolean;
}

/** Something to tell about a place of a file: what a run would fail with, or what nothing uses. */
export interface Finding extends Place {
  readonly severity: 'error' | 'warning' | 'hint';
  /** A code of the catalogue, or the name of a hint that only editors show. */
  readonly code: DiagnosticCode | 'unused';
  readonly message: string;
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
  readonly others?: readonly (Place & { readonly message: string })[];
  readonly fixes?: readonly Fix[];
}

/** Puts another text in a place. */
export function replaceBy(place: Place, text: string): Fix {
  const change = { start: place.start, end: place.end, text };
  const title = place.start === place.end ? `Insert '${text}'` : `Replace by '${text}'`;
  return { title, changes: [change], isPreferred: true };
}
