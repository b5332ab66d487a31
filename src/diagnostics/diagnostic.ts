import type { catalogue } from './catalogue.ts';
import type { Span } from './source.ts';

/** A stable code such as `CAB1203`: one that the catalogue explains. */
export type DiagnosticCode = keyof typeof catalogue;

export type Severity = 'error' | 'warning';

/** A place in a source with a word on its part in the matter. */
export interface Label {
  readonly span: Span;
  readonly message: string;
}

/** What an editor can write in the place of a span to put it right. */
export interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/**
 * What went wrong, as a value. `message` is one sentence without a closing full stop; `primary` the place it is about,
 * with the label that stands under it; `labels` other places involved; `notes` further facts (several
 * lines allowed, such as the end of a log); `hint` what to do; `replacement` the same as an edit, where it is one.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly primary?: Label;
  readonly labels?: readonly Label[];
  readonly notes?: readonly string[];
  readonly trace?: readonly Label[];
  readonly hint?: string;
  readonly replacement?: Replacement;
}

/** Carries diagnostics through code that cannot return them, up to the command. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: Diagnostic | readonly Diagnostic[], options?: ErrorOptions) {
    const list = Array.isArray(diagnostics)
      ? (diagnostics as readonly Diagnostic[])
      : [diagnostics as Diagnostic];
    super(list.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`).join('\n'), options);
    this.name = 'DiagnosticError';
    this.diagnostics = list;
  }
}
