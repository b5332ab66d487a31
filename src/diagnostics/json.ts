import type { Json } from '../foundation/index.ts';
import type { Diagnostic, Label, Replacement } from './diagnostic.ts';
import { positionOf, type Span } from './source.ts';

/**
 * The diagnostic for editors and other programs, as docs/reference/diagnostics-json.md describes it. Every place is
 * `{ file, start, end }`, the end excluded; its ends are `{ offset, line, column, character }`: the offset in UTF-16 units from
 * 0, line and column from 1 as they are rendered, the column counted in code points, and the character in UTF-16 units from 0.
 */
export function diagnosticToJson(diagnostic: Diagnostic): Json {
  const { code, severity, message, primary, labels = [], notes = [], trace = [] } = diagnostic;
  const { hint, replacement } = diagnostic;
  return {
    code,
    severity,
    message,
    ...(primary !== undefined && { primary: labelToJson(primary) }),
    labels: labels.map(labelToJson),
    notes,
    trace: trace.map(labelToJson),
    ...(hint !== undefined && { hint }),
    ...(replacement !== undefined && { replacement: replacementToJson(replacement) }),
  };
}

function labelToJson({ span, message }: Label): Json {
  return { ...placeOf(span), message };
}

function replacementToJson({ span, text }: Replacement): Json {
  return { ...placeOf(span), text };
}

function placeOf({ source, start, end }: Span): { readonly [name: string]: Json } {
  const at = (offset: number): Json => {
    const lineStart = source.text.lastIndexOf('\n', offset - 1) + 1;
    return { offset, ...positionOf(source, offset), character: offset - (offset === 0 ? 0 : lineStart) };
  };
  return { file: source.name, start: at(start), end: at(end) };
}
