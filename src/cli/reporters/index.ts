import { buffered } from './buffered.ts';
import { jsonReporter } from './json.ts';
import { plainReporter } from './plain.ts';
import type { Look, Reporter, Write } from './reporter.ts';
import { terminalReporter } from './terminal.ts';

export type { Look, Reporter } from './reporter.ts';
export { renderFor } from './render.ts';

const reporters = { terminal: terminalReporter, plain: plainReporter, json: jsonReporter };

export type LogFormat = keyof typeof reporters;

export const logFormats = Object.keys(reporters) as LogFormat[];

export function makeReporter(format: LogFormat, look: Look, write: Write): Reporter {
  const gathered = buffered(write);
  const reporter = reporters[format](gathered.write, look);
  return {
    report(event) {
      reporter.report(event);
      // Evaluation leaves no turn to the event loop, and may be ended in its midst.
      if (event.type === 'trace') gathered.flush();
    },
    close() {
      reporter.close();
      gathered.flush();
    },
  };
}
