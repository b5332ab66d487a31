import path from 'node:path';
import type { Derivation } from '../../derivations/index.ts';
import { hashPartOfStorePath } from '../../foundation/index.ts';
import type { Outputs } from '../../realizer/index.ts';
import { type LockMode, type Project, type Workspace, parseInstallable } from '../../workspace/index.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { derivationOf } from '../derivation-of.ts';
import {
  argumentsOf,
  evaluationOptions,
  flag,
  lockModeOf,
  openWorkspace,
  overridesOf,
  text,
} from '../options.ts';
import { splitUpdateWords } from '../update-words.ts';
import { linkResult } from '../result-link.ts';

/** `cab build`. */
export const build: Command = {
  name: 'build',
  usage: '[INSTALLABLE…]',
  summary: 'build what an expression describes, and link the result',
  description: `
Evaluates each installable, realizes the derivation it gives, and leaves a link 'result' to the output.
Islands that are new are pinned in cab.lock; those that are pinned stay as they are until --update.
What is known is neither built nor fetched again.

  cab build                          the project in this folder
  cab build .#docs --out-link docs   one attribute, under another name
  cab build --update                 ask all origins again
  cab build --update github:o/r      ask just this one
  cab build github:o/r#tool          straight from an island`,
  options: {
    'out-link': {
      type: 'string',
      placeholder: 'NAME',
      description: "name of the link to the result ('result')",
    },
    'no-link': { type: 'boolean', description: 'make no link' },
    'print-path': { type: 'boolean', description: 'print where each output lies' },
    update: {
      type: 'boolean',
      description: 'ask origins again: those of the islands named behind it, or all',
    },
    json: { type: 'boolean', description: 'print installable, derivation and outputs as JSON' },
    ...evaluationOptions,
  },
  run,
};

interface Built {
  readonly installable: string;
  readonly derivation: Derivation;
  readonly outputs: Outputs;
}

async function run(context: CommandContext, values: OptionValues, words: readonly string[]): Promise<void> {
  const { installables, update } = splitUpdateWords(words, flag(values, 'update'));
  const workspace = openWorkspace(context, values);
  try {
    const mode = lockModeOf(values, update);
    const built = await buildAll(context, workspace, values, mode, installables);
    report(context, workspace, values, built);
  } finally {
    await workspace.close();
  }
}

async function buildAll(
  context: CommandContext,
  workspace: Workspace,
  values: OptionValues,
  mode: LockMode,
  installables: readonly string[],
): Promise<readonly Built[]> {
  const projects = new Map<string, Project>();
  const overrides = overridesOf(values, context.folder);
  const given = argumentsOf(values);
  try {
    const targets = [];
    for (const word of installables) {
      const installable = parseInstallable(word, context.folder);
      const place = installable.kind === 'file' ? installable.file : installable.island.key;
      const project = projects.get(place) ?? workspace.project(installable, mode, overrides);
      projects.set(place, project);
      const derivation = await derivationOf(project, installable, given);
      targets.push({ word, project, derivation });
    }
    for (const project of projects.values()) project.checkNamedIslands();
    return await Promise.all(
      targets.map(async ({ word, project, derivation }) => {
        const [outputs] = await project.realize([derivation]);
        return { installable: word, derivation, outputs: outputs as Outputs };
      }),
    );
  } finally {
    // What was learned is worth keeping even where a later build fails.
    for (const project of projects.values()) {
      await project.save({ dropUnused: false });
    }
  }
}

function report(
  context: CommandContext,
  workspace: Workspace,
  values: OptionValues,
  built: readonly Built[],
): void {
  const linkName = text(values, 'out-link') ?? 'result';
  const results = built.map(({ installable, derivation, outputs }, index) => {
    const located = Object.entries(outputs).map(([output, storePath]) => {
      const real = workspace.store.materialise(storePath);
      const suffix = `${index === 0 ? '' : `-${index}`}${output === 'out' ? '' : `-${output}`}`;
      if (!flag(values, 'no-link')) linkResult(path.resolve(context.folder, `${linkName}${suffix}`), real);
      if (flag(values, 'print-path')) context.print(`${real}\n`);
      return [output, { path: real, hash: `cab:${hashPartOfStorePath(storePath)}` }] as const;
    });
    return { installable, derivation: derivation.id, outputs: Object.fromEntries(located) };
  });
  if (flag(values, 'json')) context.print(`${JSON.stringify(results, undefined, 2)}\n`);
}
