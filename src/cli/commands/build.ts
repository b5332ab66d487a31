import path from 'node:path';
import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts';
import { hashPartOfStorePath } from '../../foundation/index.ts';
import {
  type Derivation,
  type Installable,
  type Project,
  type ScheduleResult,
  type Wanted,
  type Workspace,
  checkNamedIslands,
  parseInstallable,
} from '../../workspace/index.ts';
import {
  type BuildCheck,
  type BuiltTarget,
  type OutputCheck,
  checkBuild,
  checkText,
  notReproducible,
} from '../build-check.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { derivationOf } from '../derivation-of.ts';
import {
  UsageError,
  argumentsOf,
  evaluationOptions,
  flag,
  lockModeOf,
  openWorkspace,
  overridesOf,
  text,
} from '../options.ts';
import { splitUpdateWords } from '../update-words.ts';
import { checkImageOptions, imageOptions, writeImage } from '../image.ts';
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

With --check what the installables name is built, or fetched with its pins, once more, and compared with what is recorded:
files that only one result has, content, executable bits and links. What came out otherwise can be looked at, and counts for nothing.

  cab build                          the project in this folder
  cab build .#docs --out-link docs   one attribute, under another name
  cab build --check                  see whether the build is reproducible
  cab build --update                 ask all origins again
  cab build --update github:o/r      ask just this one
  cab build github:o/r#tool          straight from an island
  cab build --oci tool.tar           also as a container image`,
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
    check: { type: 'boolean', description: 'build again what is known, and say what comes out otherwise' },
    json: { type: 'boolean', description: 'print installable, derivation and outputs as JSON' },
    ...imageOptions,
    ...evaluationOptions,
  },
  run,
};

interface Target {
  readonly word: string;
  readonly project: Project;
  readonly derivation: Derivation;
}

interface Built extends BuiltTarget {
  readonly installable: string;
}

async function run(context: CommandContext, values: OptionValues, words: readonly string[]): Promise<void> {
  if (flag(values, 'json') && flag(values, 'print-path')) {
    throw new UsageError('--json and --print-path contradict each other', '--json names the paths too');
  }
  checkImageOptions(values);
  const { installables, update } = splitUpdateWords(words, flag(values, 'update'));
  const workspace = openWorkspace(context, values);
  const projects = new Map<string, Project>();
  try {
    const mode = lockModeOf(values, update);
    const targets = await evaluateAll(context, values, installables, (installable) => {
      const place = installable.kind === 'file' ? installable.file : installable.island.key;
      const project =
        projects.get(place) ?? workspace.project(installable, mode, overridesOf(values, context.folder));
      projects.set(place, project);
      return project;
    });
    checkNamedIslands([...projects.values()]);
    const built = await buildAll(targets, isAskedFor(values) ? 'here' : 'anywhere');
    const checks = flag(values, 'check') ? await checkAll(workspace, built) : undefined;
    await report({ context, workspace, values }, built, checks);
    await writeImage(context, workspace, values, built);
    if (checks !== undefined) failWhereDifferent(workspace, built, checks);
  } finally {
    // What was learned is worth keeping even where something else failed.
    for (const project of projects.values()) await project.save({ dropUnused: false });
    await workspace.close();
  }
}

/** Evaluates every installable before it fails, so that one run tells all that is wrong. */
async function evaluateAll(
  context: CommandContext,
  values: OptionValues,
  words: readonly string[],
  projectOf: (installable: Installable) => Project,
): Promise<readonly Target[]> {
  const given = argumentsOf(values);
  const targets: Target[] = [];
  const failures = new Set<Diagnostic>();
  for (const word of words) {
    try {
      const installable = parseInstallable(word, context.folder);
      const project = projectOf(installable);
      targets.push({ word, project, derivation: await derivationOf(project, installable, given) });
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      for (const diagnostic of error.diagnostics) failures.add(diagnostic);
    }
  }
  if (failures.size > 0) throw new DiagnosticError([...failures]);
  return targets;
}

/** Whether anything is done with the result itself: else it stays where it was made. */
function isAskedFor(values: OptionValues): boolean {
  if (!flag(values, 'no-link')) return true;
  return (
    flag(values, 'json') ||
    flag(values, 'print-path') ||
    flag(values, 'check') ||
    text(values, 'oci') !== undefined
  );
}

/** Builds what can be built before it fails. */
async function buildAll(targets: readonly Target[], wanted: Wanted): Promise<readonly Built[]> {
  const results = await Promise.all(
    targets.map(
      async ({ project, derivation }) =>
        (await project.tryToRealize([derivation], wanted))[0] as ScheduleResult,
    ),
  );
  const failures = results.flatMap((result) => (result.ok ? [] : result.diagnostics));
  if (failures.length > 0) throw new DiagnosticError([...new Set(failures)]);
  return targets.flatMap(({ word, project, derivation }, index) => {
    const result = results[index];
    return result?.ok === true ? [{ installable: word, project, derivation, outputs: result.outputs }] : [];
  });
}

type Checks = readonly (readonly OutputCheck[])[];

/** Builds all of it once more before it fails. What several installables name is built once. */
async function checkAll(workspace: Workspace, built: readonly Built[]): Promise<Checks> {
  const { store } = workspace;
  const running = new Map<string, Promise<BuildCheck>>();
  const checks = await Promise.all(
    built.map((each) => {
      const check = running.get(each.derivation.id) ?? checkBuild(store, each);
      running.set(each.derivation.id, check);
      return check;
    }),
  );
  const failures = checks.flatMap((check) => (check.ok ? [] : check.diagnostics));
  if (failures.length > 0) throw new DiagnosticError([...new Set(failures)]);
  return checks.map((check) => (check.ok ? check.outputs : []));
}

function failWhereDifferent({ store }: Workspace, built: readonly Built[], checks: Checks): void {
  const different = built.flatMap(({ derivation }, index) =>
    (checks[index] ?? []).flatMap((check) =>
      check.again === undefined ? [] : [notReproducible(store, derivation.name, check)],
    ),
  );
  if (different.length > 0) throw new DiagnosticError(different);
}

async function report(
  {
    context,
    workspace,
    values,
  }: { readonly context: CommandContext; readonly workspace: Workspace; readonly values: OptionValues },
  built: readonly Built[],
  checks: Checks | undefined,
): Promise<void> {
  if (!flag(values, 'json')) {
    for (const [index, { derivation }] of built.entries()) {
      for (const check of checks?.[index] ?? []) context.print(checkText(derivation.name, check));
    }
  }
  // What nobody asked to see is not put on disk.
  if (flag(values, 'no-link') && !flag(values, 'json') && !flag(values, 'print-path')) return;
  const linkName = text(values, 'out-link') ?? 'result';
  const links: string[] = [];
  const results: object[] = [];
  for (const [index, { installable, derivation, outputs }] of built.entries()) {
    const located: Record<string, object> = {};
    for (const [output, storePath] of Object.entries(outputs)) {
      const real = await workspace.materialise(storePath);
      const suffix = `${index === 0 ? '' : `-${index}`}${output === 'out' ? '' : `-${output}`}`;
      if (!flag(values, 'no-link')) {
        const link = path.resolve(context.folder, `${linkName}${suffix}`);
        linkResult(link, real);
        links.push(link);
      }
      if (flag(values, 'print-path')) context.print(`${real}\n`);
      located[output] = { path: real, hash: `cab:${hashPartOfStorePath(storePath)}` };
    }
    const check = checks === undefined ? {} : { check: checks[index] };
    results.push({ installable, derivation: derivation.id, outputs: located, ...check });
  }
  workspace.store.addRoots(links.map((link) => ({ kind: 'link', path: link })));
  if (flag(values, 'json')) context.print(`${JSON.stringify(results, undefined, 2)}\n`);
}
