import { DiagnosticError, type Diagnostic, diagnosticToJson } from '../diagnostics/index.ts';
import type { CommandContext } from './command.ts';
import {
  type CommandLine,
  commandHelp,
  groupHelp,
  groupOf,
  overviewHelp,
  parseCommandLine,
} from './command-line.ts';
import { wantsColor } from './color.ts';
import { evaluate } from './commands/eval.ts';
import { commands } from './commands/index.ts';
import { tellFailure } from './failure.ts';
import { cabVersion, systemFault } from '../workspace/index.ts';
import { Interruption } from './interruption.ts';
import { isTerminal } from './is-terminal.ts';
import { UsageError } from './options.ts';
import { type Reporter, makeReporter, renderFor } from './reporters/index.ts';
import { errorLimitOf, logFormatOf, lookOfErrors, wantsJson } from './reporting.ts';
import { writeAll } from './write-all.ts';

/** How a run ends: done, the user's expression or build failed, the command line does not fit, Cab's own fault. */
const exitCodes = { done: 0, failed: 1, usage: 2, fault: 3 } as const;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

async function main(words: readonly string[]): Promise<number> {
  try {
    return await answer(words);
  } catch (error) {
    if (error instanceof UsageError) return usage(error, 'see cab --help');
    const told = diagnosticsOf(error);
    for (const diagnostic of told ?? [ownFault(error)]) complain(diagnostic);
    return told === undefined ? exitCodes.fault : exitCodes.failed;
  }
}

async function answer(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help') {
    return help(words.slice(1));
  }
  if (words[0] === '--version') return print(`cab ${cabVersion()}\n`);
  if (isGroup(words)) return help(words.slice(0, 1));
  const line = parseCommandLine(words[0] === evaluate.name ? [evaluate] : commands, words);
  const format = logFormatOf(line);
  const limit = errorLimitOf(line);
  if (line.values.help === true) return print(commandHelp(line.command));
  const reporter = makeReporter(format, lookOfErrors(), (piece) => writeAll(2, piece));
  return await run(line, reporter, limit);
}

async function run(
  { command, values, words }: CommandLine,
  reporter: Reporter,
  limit: number,
): Promise<number> {
  const interruption = new Interruption();
  try {
    await command.run(contextOf(reporter, interruption), values, words);
    reporter.close();
    return exitCodes.done;
  } catch (error) {
    reporter.close();
    if (error instanceof UsageError) return usage(error, `see cab ${command.name} --help`);
    const told = diagnosticsOf(error) ?? (interruption.signal.aborted ? [cancelled] : undefined);
    tellFailure(told ?? [ownFault(error)], limit, (event) => reporter.report(event));
    reporter.close();
    return told === undefined ? exitCodes.fault : exitCodes.failed;
  }
}

function contextOf(reporter: Reporter, interruption: Interruption): CommandContext {
  return {
    environment: process.env,
    folder: workingFolder(),
    emit: (event) => reporter.report(event),
    get signal() {
      return interruption.signal;
    },
    interruptible: (work) => interruption.during(work),
    print: (piece) => writeAll(1, piece),
    color: wantsColor(process.env, isTerminal(1)),
  };
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const diagnostic: Diagnostic = {
      code: 'CAB6006',
      severity: 'error',
      message: 'the folder that this command was started in is not there any more',
      hint: 'change to one that is',
    };
    throw new DiagnosticError(diagnostic, { cause });
  }
}

/** What an error has to tell a user; undefined where it is a fault of Cab's. What a disk refuses is none, wherever it was met. */
function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  // What went wrong first is what matters, and not what went wrong as it was cleared away.
  if (error instanceof SuppressedError) return diagnosticsOf(error.suppressed);
  return (error instanceof DiagnosticError ? error : systemFault(error))?.diagnostics;
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

/** Whether only the first word of commands of two words is given, which asks what there is. */
function isGroup([first = '', second = '--help', ...rest]: readonly string[]): boolean {
  return ['--help', '-h'].includes(second) && rest.length === 0 && groupOf(commands, first).length > 0;
}

function help(words: readonly string[]): number {
  const [first, second] = words;
  if (first === undefined) return print(overviewHelp(commands));
  const group = second === undefined ? groupOf(commands, first) : [];
  if (group.length > 0) return print(groupHelp(first, group));
  return print(commandHelp(parseCommandLine(commands, words).command));
}

function usage(error: UsageError, hint: string): number {
  complain({ code: 'CAB6001', severity: 'error', message: error.message, hint: error.hint ?? hint });
  return exitCodes.usage;
}

/** Says what is wrong where no reporter does yet. */
function complain(diagnostic: Diagnostic): void {
  if (!wantsJson(process.argv.slice(2))) return void writeAll(2, renderFor(lookOfErrors(), diagnostic));
  writeAll(2, `${JSON.stringify({ type: 'diagnostic', diagnostic: diagnosticToJson(diagnostic) })}\n`);
}

function print(piece: string | Uint8Array): number {
  writeAll(1, piece);
  return exitCodes.done;
}
