import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts';
import { format } from '../language/formatter/index.ts';
import { type PatchSide, formatPatch } from './patch.ts';

/** A text that was laid out, or what stands against it. */
export type LaidOut =
  | { readonly kind: 'formatted'; readonly name: string; readonly before: string; readonly after: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

/** Lays out the text of a file, whose bytes `read` gives. */
export function layOut(name: string, read: () => Uint8Array): LaidOut {
  try {
    const before = decode(name, read());
    const result = format({ name, text: before });
    if (result.kind === 'invalid') return { kind: 'failed', diagnostics: result.diagnostics };
    return { kind: 'formatted', name, before, after: result.text };
  } catch (error) {
    if (error instanceof DiagnosticError) return { kind: 'failed', diagnostics: error.diagnostics };
    throw error;
  }
}

/** The lines that change, as `patch` takes them. */
export function differenceOf(name: string, before: string, after: string): string {
  return formatPatch({ path: name, before: side(before), after: side(after) });
}

function side(content: string): PatchSide {
  return { mode: '100644', content: Buffer.from(content) };
}

/** The text with its byte order mark, which is part of what is laid out. */
function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const message = `'${name}' is not UTF-8, and so no Cab`;
    const hint = 'convert it to UTF-8';
    throw new DiagnosticError({ code: 'CAB6022', severity: 'error', message, hint }, { cause });
  }
}
