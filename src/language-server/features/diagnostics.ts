import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { type AnalysedFile, rangeOf } from '../files/analysed-file.ts';
import { type Finding, findingsIn } from '../findings/index.ts';
import type { Session } from '../session.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
} as const;

/** All that there is to tell about a document. */
export function diagnosticsOf(session: Session, file: AnalysedFile): Diagnostic[] {
  return findingsIn(session, file).map((finding) => diagnosticOf(file, finding));
}

export function diagnosticOf(file: AnalysedFile, finding: Finding): Diagnostic {
  const { severity, code, message, notes = [], hint, others = [] } = finding;
  const lines = [
    message,
    ...notes.map((note) => `note: ${note}`),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
  return {
    range: rangeOf(file, finding),
    severity: severities[severity],
    code,
    source: 'cab',
    message: lines.join('\n'),
    ...(code === 'unused' && { tags: [DiagnosticTag.Unnecessary] }),
    ...(others.length > 0 && {
      relatedInformation: others.map((other) => ({
        location: { uri: file.uri, range: rangeOf(file, other) },
        message: other.message,
      })),
    }),
  };
}
