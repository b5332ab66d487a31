import type { Diagnostic, DiagnosticCode, Label, Source } from '../../diagnostics/index.ts';

/** A diagnostic about a stretch of one source, with offsets in place of spans. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** What stands under the underlined text; nothing where the message says it all. */
  readonly label?: string;
  readonly others?: readonly { readonly start: number; readonly end: number; readonly label: string }[];
  readonly notes?: readonly string[];
  readonly hint?: string;
  /** What may be written in the place of the text from start to end. */
  readonly replacement?: string;
}

export function diagnosticOf(source: Source, problem: Problem): Diagnostic {
  const labels: Label[] = (problem.others ?? []).map((other) => ({
    span: { source, start: other.start, end: other.end },
    message: other.label,
  }));
  return {
    code: problem.code,
    severity: 'error',
    message: problem.message,
    primary: { span: { source, start: problem.start, end: problem.end }, message: problem.label ?? '' },
    ...(labels.length > 0 && { labels }),
    ...(problem.notes !== undefined && { notes: problem.notes }),
    ...(problem.hint !== undefined && { hint: problem.hint }),
    ...(problem.replacement !== undefined && {
      replacement: {
        span: { source, start: problem.start, end: problem.end },
        text: problem.replacement,
      },
    }),
  };
}
