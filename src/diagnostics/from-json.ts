import { catalogue } from './catalogue.ts';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';

/**
 * A diagnostic that came as JSON from another Cab; undefined where the text is none. The sources that it points into are not here: what
 * it says of a place becomes a note that names the place. A code that this Cab does not know stands in
 * the message, and `unknown` in its place.
 */
export function diagnosticFromJson(text: string, unknown: DiagnosticCode): Diagnostic | undefined {
  const value = objectOf(parsed(text));
  if (value === undefined) return undefined;
  const { code, severity, message, hint } = value;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const labels = [value['primary'], ...listOf(value['labels']), ...listOf(value['trace'])].flatMap(noteOf);
  const notes = [...labels, ...listOf(value['notes']).filter((note) => typeof note === 'string')];
  const told = {
    severity: severity === 'warning' ? 'warning' : 'error',
    ...(notes.length > 0 && { notes }),
    ...(typeof hint === 'string' && { hint }),
  } as const;
  if (Object.hasOwn(catalogue, code)) return { ...told, code: code as DiagnosticCode, message };
  return { ...told, code: unknown, message: `${code}: ${message}` };
}

/** Such as `default.cab:1:3: not bound here`. */
function noteOf(label: unknown): readonly string[] {
  const { file, start, message } = objectOf(label) ?? {};
  const { line, column } = objectOf(start) ?? {};
  if (typeof file !== 'string' || typeof message !== 'string') return [];
  if (typeof line !== 'number' || typeof column !== 'number') return [];
  return [`${file}:${line}:${column}${message === '' ? '' : `: ${message}`}`];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
