import { renderDiagnostic } from '../../diagnostics/index.ts';
import { lineOf } from './lines.ts';
import type { Reporter, Write } from './reporter.ts';

/** A line an event, for logs and pipes. */
export function plainReporter(write: Write): Reporter {
  return {
    report(event) {
      if (event.type === 'diagnostic') write(`${renderDiagnostic(event.diagnostic, { color: false })}\n`);
      else {
        const line = lineOf(event);
        if (line !== undefined) write(`${line}\n`);
      }
    },
    close() {},
  };
}
