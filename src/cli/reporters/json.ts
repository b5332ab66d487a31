import { diagnosticToJson } from '../../diagnostics/index.ts';
import type { Reporter, Write } from './reporter.ts';

/** One JSON object a line: the events themselves. */
export function jsonReporter(write: Write): Reporter {
  return {
    report(event) {
      const plain =
        event.type === 'diagnostic' ? { ...event, diagnostic: diagnosticToJson(event.diagnostic) } : event;
      write(`${JSON.stringify(plain)}\n`);
    },
    close() {},
  };
}
