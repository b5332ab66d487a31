import { wantsColor } from './color.ts';
import type { CommandLine } from './command-line.ts';
import { defaultErrorLimit } from './failure.ts';
import { isTerminal } from './is-terminal.ts';
import { UsageError, text } from './options.ts';
import { type LogFormat, type Look, logFormats } from './reporters/index.ts';

/** Without a word on it: what a person before a terminal reads; as JSON where the result is asked for as JSON; else plain. */
export function logFormatOf({ values }: CommandLine): LogFormat {
  const format = text(values, 'log-format') ?? usualFormat(values.json === true);
  const known = logFormats.find((each) => each === format);
  if (known === undefined)
    throw new UsageError(`--log-format is ${logFormats.join(', ')}, and not '${format}'`);
  return known;
}

function usualFormat(isJson: boolean): LogFormat {
  if (!isTerminal(2)) return isJson ? 'json' : 'plain';
  // A dumb terminal cannot take back the line that shows what is under way.
  return process.env.TERM === 'dumb' ? 'plain' : 'terminal';
}

/** How many errors are shown. */
export function errorLimitOf({ values }: CommandLine): number {
  const given = text(values, 'max-errors');
  if (given === undefined) return defaultErrorLimit;
  if (!/^[0-9]{1,9}$/.test(given))
    throw new UsageError(`--max-errors takes a number, and not '${given}'`, '0 shows all of them');
  return Number(given) === 0 ? Number.POSITIVE_INFINITY : Number(given);
}

/** How diagnostics look on standard error. */
export function lookOfErrors(): Look {
  const onTerminal = isTerminal(2);
  return {
    color: wantsColor(process.env, onTerminal),
    width: () => (onTerminal ? process.stderr.columns : undefined),
  };
}

/** Whether a program reads what is told, as far as that can be seen of a command line that may not fit. */
export function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const options = end === -1 ? words : words.slice(0, end);
  const at = options.findIndex((option) => option.startsWith('--log-format'));
  const format = options[at]?.split('=')[1] ?? options[at + 1];
  return at === -1 ? options.includes('--json') && !isTerminal(2) : format === 'json';
}
