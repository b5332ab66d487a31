import { readFileSync } from 'node:fs';
import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts';
import { readBytes } from '../byte-input.ts';
import { findCabFiles } from '../cab-files.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { differenceOf, layOut } from '../formatting.ts';
import { UsageError, flag, text } from '../options.ts';
import { replaceFile } from '../replace-file.ts';
import { unreadable } from '../unreadable.ts';

/** `cab fmt`. */
export const fmt: Command = {
  name: 'fmt',
  usage: '[FILE…|FOLDER…]',
  summary: 'lay out files in the style of Cab',
  description: `
Writes the files that are not laid out yet, and names them; in a folder all .cab files that git does not ignore. Without
words it is the folder that you are in. What a file means does not change, and one with syntax errors is left alone.

  cab fmt                          all files here and below
  cab fmt --check --diff           write nothing, show what would change, and fail if something would
  cab fmt - <default.cab           from the standard input to the standard output`,
  options: {
    check: { type: 'boolean', description: 'write nothing, and fail where a file is not laid out' },
    diff: { type: 'boolean', description: 'with --check, show the lines that would change' },
    stdin: { type: 'boolean', description: 'the same as - in the place of files' },
    'stdin-name': {
      type: 'string',
      placeholder: 'NAME',
      description: 'what messages call the standard input',
    },
  },
  async run(context, values, words) {
    const { folder, environment, print } = context;
    const isCheck = flag(values, 'check');
    if (flag(values, 'diff') && !isCheck) throw new UsageError('--diff shows what --check finds');
    if (isStandardInput(values, words)) return layOutStandardInput(context, values);
    const files = findCabFiles(words.length === 0 ? ['.'] : words, folder, environment);
    const problems: Diagnostic[] = [];
    let changed = 0;
    for (const { name, path } of files) {
      context.signal.throwIfAborted();
      const result = layOut(name, () => readFile(name, path));
      if (result.kind === 'failed') problems.push(...result.diagnostics);
      if (result.kind === 'failed' || result.before === result.after) continue;
      changed++;
      if (!isCheck) replaceFile(path, name, result.after);
      print(flag(values, 'diff') ? differenceOf(name, result.before, result.after) : `${name}\n`);
    }
    if (isCheck && changed > 0)
      problems.push(notLaidOut(`${changed} of ${filesIn(files.length)} ${changed === 1 ? 'is' : 'are'}`));
    if (!isCheck) print(`${changed} of ${filesIn(files.length)} laid out anew\n`);
    if (problems.length > 0) throw new DiagnosticError(problems);
    if (isCheck) print(`${filesIn(files.length)} laid out\n`);
  },
};

function readFile(name: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(`the file '${name}'`, (error as NodeJS.ErrnoException).code, error);
  }
}

function filesIn(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function notLaidOut(what: string): Diagnostic {
  return {
    code: 'CAB6041',
    severity: 'error',
    message: `${what} not laid out in the style of Cab`,
    hint: "run 'cab fmt'",
  };
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}

async function layOutStandardInput(context: CommandContext, values: OptionValues): Promise<void> {
  const name = text(values, 'stdin-name') ?? '<standard input>';
  const bytes = Buffer.concat(await all(readBytes(context, undefined)));
  const result = layOut(name, () => bytes);
  if (result.kind === 'failed') throw new DiagnosticError(result.diagnostics);
  const { before, after } = result;
  if (!flag(values, 'check')) context.print(after);
  else if (before !== after) {
    if (flag(values, 'diff')) context.print(differenceOf(name, before, after));
    throw new DiagnosticError(notLaidOut(`the text of ${name} is`));
  }
}

function isStandardInput(values: OptionValues, words: readonly string[]): boolean {
  const isNamed = words.includes('-');
  if ((isNamed && words.length > 1) || (flag(values, 'stdin') && !isNamed && words.length > 0))
    throw new UsageError('the standard input is laid out alone, without files');
  if (isNamed || flag(values, 'stdin')) return true;
  if (text(values, 'stdin-name') === undefined) return false;
  throw new UsageError('--stdin-name names the standard input, and files are to be laid out');
}
