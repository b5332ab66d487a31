import type { Diagnostic, DiagnosticCode, Label, Source } from '../../diagnostics/index.ts';

/** A stretch of the text. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A diagnostic about a stretch of one source, with offsets in place of spans. */
export interface Problem extends Place {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** What stands under the underlined text. */
  readonly label: string;
  readonly others?: readonly (Place & { readonly label: string })[];
  readonly notes?: readonly string[];
  readonly hint: string;
  /** What may be written in the place of the text from start to end. */
  readonly replacement?: string;
}

/** How many problems of one text are told. A text with more is no program, and its megabytes are not to become gigabytes. */
const mostProblems = 1000;

/** Gathers what is wrong with a text. */
export class Problems {
  readonly #source: Source;
  readonly #diagnostics: Diagnostic[] = [];
  #untold = 0;

  constructor(source: Source, earlier?: Problems) {
    this.#source = source;
    if (earlier === undefined) return;
    this.#diagnostics.push(...earlier.#diagnostics);
    this.#untold = earlier.#untold;
  }

  get count(): number {
    return this.#diagnostics.length;
  }

  report(problem: Problem): void {
    if (this.#diagnostics.length < mostProblems) this.#diagnostics.push(diagnosticOf(this.#source, problem));
    else this.#untold++;
  }

  /** All of them in the order of the text. */
  inOrder(): readonly Diagnostic[] {
    const sorted = this.#diagnostics.toSorted((left, right) => startOf(left) - startOf(right));
    const last = sorted.at(-1);
    if (last === undefined || this.#untold === 0) return sorted;
    const note = `${this.#untold} more mistakes of this text are not told`;
    return [...sorted.slice(0, -1), { ...last, notes: [...(last.notes ?? []), note] }];
  }
}

function startOf(diagnostic: Diagnostic): number {
  return diagnostic.primary?.span.start ?? 0;
}

function diagnosticOf(source: Source, problem: Problem): Diagnostic {
  const { code, start, end, message, label, others = [], notes, hint, replacement } = problem;
  const span = { source, start, end };
  const labels: Label[] = others.map((other) => ({
    span: { source, start: other.start, end: other.end },
    message: other.label,
  }));
  return {
    code,
    severity: 'error',
    message,
    primary: { span, message: label },
    ...(labels.length > 0 && { labels }),
    ...(notes !== undefined && { notes }),
    hint,
    ...(replacement !== undefined && { replacement: { span, text: replacement } }),
  };
}

const longestQuote = 60;

/** Text as a message quotes it: a name may be megabytes long. */
export function quoted(text: string): string {
  return text.length <= longestQuote ? `'${text}'` : `'${text.slice(0, longestQuote - 1)}…'`;
}
