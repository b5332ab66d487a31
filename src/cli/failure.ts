import type { Diagnostic, Span } from '../diagnostics/index.ts';
import type { Emit } from '../foundation/index.ts';

/** Of a file that is broken all over, the first errors are worth reading. */
export const defaultErrorLimit = 20;

/** Tells each diagnostic once, as many as the limit allows, and then that this is all. */
export function tellFailure(diagnostics: readonly Diagnostic[], limit: number, emit: Emit): void {
  const different = distinct(diagnostics);
  const shown = different.slice(0, limit);
  for (const diagnostic of shown) emit({ type: 'diagnostic', diagnostic });
  const codes = [...new Set(shown.map(({ code }) => code))];
  emit({ type: 'failure-told', codes, leftOut: different.length - shown.length });
}

/** The same may be met on several ways, as in a file that several installables read. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const { code, message, primary, notes, hint } = diagnostic;
    const key = JSON.stringify([code, message, primary && placeOf(primary.span), notes, hint]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function placeOf({ source, start, end }: Span): readonly unknown[] {
  return [source.name, start, end];
}
