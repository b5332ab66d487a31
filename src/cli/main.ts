import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError, type Diagnostic, renderDiagnostic } from '../diagnostics/index.ts';
import type { Command, CommandContext } from './command.ts';
import { type CommandLine, commandHelp, overviewHelp, parseCommandLine } from './command-line.ts';
import { commands } from './commands/index.ts';
import { installationFolder } from '../workspace/index.ts';
import { isTerminal } from './is-terminal.ts';
import { UsageError, text } from './options.ts';
import { type LogFormat, type Reporter, logFormats, makeReporter } from './reporters/index.ts';

/** How a run ends: done, the user's expression or build failed, the command line does not fit, Cab's own fault. */
const exitCodes = { done: 0, failed: 1, usage: 2, fault: 3 } as const;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help') {
    return help(words.slice(1));
  }
  if (words[0] === '--version') return print(`cab ${version()}\n`);
  let line: CommandLine;
  let format: LogFormat;
  try {
    line = parseCommandLine(commands, words);
    format = logFormatOf(line);
  } catch (error) {
    if (error instanceof UsageError) return usage(error, 'see cab --help');
    throw error;
  }
  if (line.values.help === true) return print(commandHelp(line.command));
  const reporter = makeReporter(format, (piece) => writeAll(2, piece));
  return await run(line, reporter);
}

async function run({ command, values, words }: CommandLine, reporter: Reporter): Promise<number> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const context: CommandContext = {
    environment: process.env,
    folder: process.cwd(),
    emit: (event) => reporter.report(event),
    signal: abort.signal,
    print: (piece) => print(piece),
    color: isTerminal(1),
  };
  try {
    await command.run(context, values, words);
    reporter.close();
    return exitCodes.done;
  } catch (error) {
    reporter.close();
    return failed(command, error, abort.signal, reporter);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function failed(command: Command, error: unknown, signal: AbortSignal, reporter: Reporter): number {
  if (error instanceof UsageError) return usage(error, `see cab ${command.name} --help`);
  if (error instanceof DiagnosticError) {
    for (const diagnostic of error.diagnostics) reporter.report({ type: 'diagnostic', diagnostic });
    return exitCodes.failed;
  }
  if (signal.aborted) {
    reporter.report({ type: 'diagnostic', diagnostic: cancelled });
    return exitCodes.failed;
  }
  reporter.report({ type: 'diagnostic', diagnostic: ownFault(error) });
  return exitCodes.fault;
}

const cancelled: Diagnostic = {
  code: 'CAB4009',
  severity: 'error',
  message: 'the run was cancelled',
  notes: ['what was finished before is kept'],
};

/** The stack is for whoever mends Cab, and shown only when asked for. */
function ownFault(error: unknown): Diagnostic {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const shown = process.env.CAB_BACKTRACE ? stack : (stack.split('\n')[0] ?? stack);
  return {
    code: 'CAB9001',
    severity: 'error',
    message: 'Cab itself failed, which is not your mistake',
    notes: [shown],
    hint: 'please report it, with what CAB_BACKTRACE=1 in the environment shows',
  };
}

function help(words: readonly string[]): number {
  if (words.length === 0) return print(overviewHelp(commands));
  try {
    return print(commandHelp(parseCommandLine(commands, words).command));
  } catch (error) {
    if (error instanceof UsageError) return usage(error, 'see cab --help');
    throw error;
  }
}

function version(): string {
  const text = readFileSync(path.join(installationFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function logFormatOf({ values }: CommandLine): LogFormat {
  const format = text(values, 'log-format') ?? (isTerminal(2) ? 'terminal' : 'plain');
  const known = logFormats.find((each) => each === format);
  if (known === undefined)
    throw new UsageError(`--log-format is ${logFormats.join(', ')}, and not '${format}'`);
  return known;
}

function usage(error: UsageError, hint: string): number {
  const diagnostic: Diagnostic = {
    code: 'CAB6001',
    severity: 'error',
    message: error.message,
    hint: error.hint ?? hint,
  };
  writeAll(2, `${renderDiagnostic(diagnostic, { color: isTerminal(2) })}\n`);
  return exitCodes.usage;
}

function print(piece: string): number {
  writeAll(1, piece);
  return exitCodes.done;
}

/** Writes all of it before going on; a reader that has gone away ends the output, not the run. */
function writeAll(descriptor: 1 | 2, piece: string): void {
  let rest = Buffer.from(piece);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
