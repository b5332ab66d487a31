import { type Diagnostic, renderDiagnostic } from '../../diagnostics/index.ts';
import type { Look } from './reporter.ts';

/** The diagnostic with its line end, as it looks where it goes. */
export function renderFor({ color, width }: Look, diagnostic: Diagnostic): string {
  const columns = width();
  return `${renderDiagnostic(diagnostic, { color, ...(columns !== undefined && { width: columns }) })}\n`;
}
