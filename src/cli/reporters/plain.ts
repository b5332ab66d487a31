import { lineOf } from './lines.ts';
import { renderFor } from './render.ts';
import type { Look, Reporter, Write } from './reporter.ts';

/** A line an event, for logs and pipes. */
export function plainReporter(write: Write, look: Look): Reporter {
  return {
    report(event) {
      if (event.type === 'diagnostic') write(renderFor(look, event.diagnostic));
      else {
        const line = lineOf(event);
        if (line !== undefined) write(`${line}\n`);
      }
    },
    close() {},
  };
}
