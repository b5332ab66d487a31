import path from 'node:path';
import { DiagnosticError, type Source } from '../../diagnostics/index.ts';
import { ContextString, type Value, typeNameOf } from '../../language/evaluation/index.ts';
import { type Installable, type Project, parseInstallable } from '../../workspace/index.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { writeJson } from '../json-output.ts';
import {
  UsageError,
  argumentsOf,
  evaluationOptions,
  flag,
  jsonOption,
  lockModeOf,
  openForEvaluation,
  overridesOf,
  text,
} from '../options.ts';
import { readStandardInput } from '../text-input.ts';

/** `cab eval`. */
export const evaluate: Command = {
  name: 'eval',
  usage: '[INSTALLABLE | -]',
  summary: 'evaluate an expression and print its value',
  description: `
Prints the whole value in the language's own form, or as JSON, or a string as it is. Derivations are described, and not
built; a file of an island that the value depends on is fetched. '-' reads the expression from the standard input.

  cab eval .#version
  cab eval --expression '1 + 1'
  cab eval .#packages --apply attributeNames
  cab eval --raw .#name
  cab eval --depth 1 .#packages
  cab eval --json --expression '(toDerivation <github:cull-os/cab>).requiredRealizerFeatures'`,
  wordsLimit: 1,
  options: {
    expression: { type: 'string', placeholder: 'TEXT', description: 'evaluate this text instead of a file' },
    apply: {
      type: 'string',
      placeholder: 'FUNCTION',
      description: 'print what this function gives for the value',
    },
    json: jsonOption,
    raw: { type: 'boolean', description: 'print a string without quotes, escapes or a line feed' },
    depth: {
      type: 'string',
      placeholder: 'NUMBER',
      description: 'open so many levels of lists and attributes; what is deeper is not evaluated',
    },
    ...evaluationOptions,
  },
  async run(context, values, words) {
    const print = printingOf(values);
    const asked = await askedFor(context, values, words);
    const workspace = openForEvaluation(context, values);
    try {
      const mode = lockModeOf(values, 'none');
      const project = workspace.project(asked.installable, mode, overridesOf(values, context.folder));
      try {
        const value = await applied(project, values, await valueOf(project, asked, argumentsOf(values)));
        await print(project, value, context.print);
      } finally {
        await project.save({ dropUnused: false });
      }
    } finally {
      await workspace.close();
    }
  },
};

/** What is to be evaluated: a text, in the folder of an installable, or the installable itself. */
interface Asked {
  readonly installable: Installable;
  readonly source: Source | undefined;
}

async function askedFor(
  context: CommandContext,
  values: OptionValues,
  [word]: readonly string[],
): Promise<Asked> {
  const expression = text(values, 'expression');
  if (expression !== undefined && word !== undefined)
    throw new UsageError(`--expression and '${word}' contradict each other`);
  const file = path.join(context.folder, 'default.cab');
  const here = { kind: 'file', text: '<command line>', file, attributes: [] } as const;
  if (expression !== undefined)
    return { installable: here, source: { name: '<command line>', text: expression } };
  if (word === '-')
    return { installable: here, source: { name: '<stdin>', text: await readStandardInput(context) } };
  return { installable: parseInstallable(word ?? '.', context.folder), source: undefined };
}

async function valueOf(
  project: Project,
  { installable, source }: Asked,
  given: ReadonlyMap<string, string>,
): Promise<Value> {
  if (source === undefined) return await project.value(given, installable.attributes);
  const value = await project.textValue(source);
  // A function that is typed is a value like any other, unless there is something to call it with.
  if (given.size === 0) return value;
  return await project.evaluate((evaluator) => evaluator.callEntry(value, Object.fromEntries(given)));
}

async function applied(project: Project, values: OptionValues, value: Value): Promise<Value> {
  const apply = text(values, 'apply');
  if (apply === undefined) return value;
  const callee = await project.textValue({ name: '<--apply>', text: apply });
  return await project.evaluate((evaluator) => evaluator.call(callee, value));
}

type Print = (project: Project, value: Value, write: CommandContext['print']) => Promise<void>;

/** How a value is written, as the options say. */
function printingOf(values: OptionValues): Print {
  const [depth, json, raw] = [depthOf(values), flag(values, 'json'), flag(values, 'raw')];
  const chosen = [
    ...(depth === undefined ? [] : ['depth']),
    ...(json ? ['json'] : []),
    ...(raw ? ['raw'] : []),
  ];
  if (chosen.length > 1) throw new UsageError(`--${chosen[0]} and --${chosen[1]} contradict each other`);
  if (raw) return async (_project, value, write) => void write(rawText(value));
  if (json) {
    return async (project, value, write) => {
      await project.evaluate((evaluator) => {
        const json = evaluator.toJson(value);
        evaluator.attempt(() => writeJson(json, write));
      });
    };
  }
  const options = depth === undefined ? {} : { depth };
  return async (project, value, write) =>
    void write(`${await project.evaluate((evaluator) => evaluator.show(value, options))}\n`);
}

function depthOf(values: OptionValues): number | undefined {
  const depth = text(values, 'depth');
  if (depth === undefined) return undefined;
  if (!/^\d{1,9}$/.test(depth)) throw new UsageError(`--depth is a number, and not '${depth}'`);
  return Number(depth);
}

function rawText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof ContextString) return value.text;
  throw new DiagnosticError({
    code: 'CAB2004',
    severity: 'error',
    message: `--raw prints a string, and the value is of type ${typeNameOf(value)}`,
    hint: 'leave --raw out, or make it a string with --apply toString',
  });
}
