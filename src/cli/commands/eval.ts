import { parseInstallable } from '../../workspace/index.ts';
import type { Command } from '../command.ts';
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

/** `cab eval`. */
export const evaluate: Command = {
  name: 'eval',
  usage: '[INSTALLABLE]',
  summary: 'evaluate an expression and print its value',
  description: `
Prints the value in the language's own form, or as JSON. Derivations are described, and not built; a file of an
island that the value depends on is fetched.

  cab eval .#version
  cab eval --expression '1 + 1'
  cab eval --json --expression '(toDerivation <github:cull-os/cab>).requiredRealizerFeatures'`,
  wordsLimit: 1,
  options: {
    expression: { type: 'string', placeholder: 'TEXT', description: 'evaluate this text instead of a file' },
    json: jsonOption,
    ...evaluationOptions,
  },
  async run(context, values, words) {
    const expression = text(values, 'expression');
    if (expression !== undefined && words.length > 0) {
      throw new UsageError(`--expression and '${words[0]}' contradict each other`);
    }
    const workspace = openForEvaluation(context, values);
    const overrides = overridesOf(values, context.folder);
    const mode = lockModeOf(values, 'none');
    try {
      const installable =
        expression === undefined
          ? parseInstallable(words[0] ?? '.', context.folder)
          : ({
              kind: 'file',
              text: '<command line>',
              file: `${context.folder}/default.cab`,
              attributes: [],
            } as const);
      const project = workspace.project(installable, mode, overrides);
      try {
        const value =
          expression === undefined
            ? await project.value(argumentsOf(values), installable.attributes)
            : await project.textValue({ name: '<command line>', text: expression });
        const printed = await project.evaluate((evaluator) =>
          flag(values, 'json')
            ? JSON.stringify(evaluator.toJson(value), undefined, 2)
            : evaluator.show(value),
        );
        context.print(`${printed}\n`);
      } finally {
        await project.save({ dropUnused: false });
      }
    } finally {
      await workspace.close();
    }
  },
};
