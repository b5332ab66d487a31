import type { Json } from '../foundation/index.ts';
import type { Diagnostic, Label } from './diagnostic.ts';
import { positionOf } from './source.ts';

/**
 * The diagnostic for editors and other programs. Every place is `{ file, start, end, message }`, where `start` and `end` are
 * `{ offset, line, column }`: offsets in UTF-16 units from 0, lines and columns (in code points) from 1, the end excluded.
 */
export function diagnosticToJson(diagnostic: Diagnostic): Json {
  const { code, severity, message, primary, labels = [], notes = [], trace = [], hint } = diagnostic;
  return {
    code,
    severity,
    message,
    ...(primary !== undefined && { primary: labelToJson(primary) }),
    labels: labels.map(labelToJson),
    notes,
    trace: trace.map(labelToJson),
    ...(hint !== undefined && { hint }),
  };
}

function labelToJson({ span, message }: Label): Json {
  const at = (offset: number): Json => ({ offset, ...positionOf(span.source, offset) });
  return { file: span.source.name, start: at(span.start), end: at(span.end), message };
}
