import { jsonReporter } from './json.ts';
import { plainReporter } from './plain.ts';
import type { Reporter, Write } from './reporter.ts';
import { terminalReporter } from './terminal.ts';

export type { Reporter } from './reporter.ts';

const reporters = { terminal: terminalReporter, plain: plainReporter, json: jsonReporter };

export type LogFormat = keyof typeof reporters;

export const logFormats = Object.keys(reporters) as LogFormat[];

export function makeReporter(format: LogFormat, write: Write): Reporter {
  return reporters[format](write);
}
