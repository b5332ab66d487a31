import type { Diagnostic } from '../../diagnostics/index.ts';
import type { Place } from '../../language/resolution/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { type Finding, type Fix, type TextChange, replaceBy } from './finding.ts';

/** What the parser reports: what is not well formed, and names that are bound twice. */
export function syntaxFindings(file: AnalysedFile): readonly Finding[] {
  return file.syntaxDiagnostics.map(findingOf);
}

function findingOf(diagnostic: Diagnostic): Finding {
  const { code, severity, message, primary, labels = [], notes = [], hint } = diagnostic;
  const { start, end } = primary?.span ?? { start: 0, end: 0 };
  const label = primary?.message ?? '';
  const fix = fixOf(diagnostic);
  return {
    start,
    end,
    severity,
    code,
    message: label === '' ? message : `${message}: ${label}`,
    notes,
    hint,
    others: labels.map(({ span, message: word }) => ({ start: span.start, end: span.end, message: word })),
    ...(fix !== undefined && { fixes: [fix] }),
  };
}

/** What the hint says to do, where that is an edit: of what was made once, or of each of its places. */
function fixOf(diagnostic: Diagnostic): Fix | undefined {
  const { code, primary, labels = [], replacement } = diagnostic;
  if (replacement !== undefined) return replaceBy(replacement.span, replacement.text);
  if (primary === undefined) return undefined;
  const places = [primary.span, ...labels.map(({ span }) => span)];
  if (code === 'CAB1106') return everywhere("Insert ','", ',', places);
  return code === 'CAB1107' ? everywhere("Replace ';' by ','", ',', places) : undefined;
}

function everywhere(title: string, text: string, places: readonly Place[]): Fix {
  const changes: readonly TextChange[] = places.map(({ start, end }) => ({ start, end, text }));
  return { title, changes, isPreferred: true };
}
