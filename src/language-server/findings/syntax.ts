import type { Diagnostic, DiagnosticCode } from '../../diagnostics/index.ts';
import type { Place } from '../../language/resolution/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { type Finding, type Fix, type TextChange, replaceBy } from './finding.ts';

/** What the parser reports: what is not well formed, and names that are bound twice. */
export function syntaxFindings(file: AnalysedFile): readonly Finding[] {
  return file.syntaxDiagnostics.map((diagnostic) => findingOf(file, diagnostic));
}

function findingOf(file: AnalysedFile, diagnostic: Diagnostic): Finding {
  const { code, severity, message, primary, labels = [], notes = [], hint } = diagnostic;
  const { start, end } = primary?.span ?? { start: 0, end: 0 };
  const label = primary?.message ?? '';
  const fix = fixOf(file, diagnostic);
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

/** What the hint says to do, where that is a replacement of text. */
function fixOf({ source }: AnalysedFile, { code, primary, labels = [] }: Diagnostic): Fix | undefined {
  if (primary === undefined) return undefined;
  const { span } = primary;
  const written = source.text.slice(span.start, span.end);
  return fixes[code]?.(span, written, [span, ...labels.map((label) => label.span)]);
}

type MakeFix = (place: Place, written: string, places: readonly Place[]) => Fix | undefined;

const fixes: Partial<Record<DiagnosticCode, MakeFix>> = {
  CAB1106: (_place, _written, places) => everywhere("Insert ','", ',', places),
  CAB1107: (_place, _written, places) => everywhere("Replace ';' by ','", ',', places),
  CAB1108: (place, written) => {
    if (written === '==') return replaceBy(place, '=');
    return written === '=' ? replaceBy(place, '==') : undefined;
  },
  CAB1110: (place, written) => (/^[a-z]+$/.test(written) ? replaceBy(place, `\`${written}\``) : undefined),
  CAB1112: (place, written) => (written === ':' ? replaceBy(place, ' =>') : undefined),
  CAB1114: (place, written) => (written === ':' || written === '?' ? replaceBy(place, '=') : undefined),
};

function everywhere(title: string, text: string, places: readonly Place[]): Fix {
  const changes: readonly TextChange[] = places.map(({ start, end }) => ({ start, end, text }));
  return { title, changes, isPreferred: true };
}
