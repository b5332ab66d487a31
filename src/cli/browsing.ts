import path from 'node:path';
import { DiagnosticError } from '../diagnostics/index.ts';
import type { Digest } from '../foundation/index.ts';
import {
  type BrowsedTree,
  type Island,
  type Place,
  type Project,
  type Store,
  type Workspace,
  entryFileName,
  findFollowing,
} from '../workspace/index.ts';
import type { CommandContext, Option, OptionValues } from './command.ts';
import { evaluationOptions, flag, jsonOption, lockModeOf, openWorkspace, overridesOf } from './options.ts';

type Options = Readonly<Record<string, Option>>;

/** Options of every command that looks into islands. */
export const browsingOptions: Options = {
  json: jsonOption,
  update: { type: 'boolean', description: 'ask origins what refs stand for now, whatever cab.lock has' },
  ...Object.fromEntries(Object.entries(evaluationOptions).filter(([name]) => name !== 'argument')),
};

/** Looks into islands as the project in this folder, if there is one, has pinned them. Nothing is pinned by looking. */
export async function withBrowsing(
  context: CommandContext,
  values: OptionValues,
  look: (project: Project, workspace: Workspace) => Promise<void>,
): Promise<void> {
  const workspace = openWorkspace(context, values);
  try {
    const mode = { ...lockModeOf(values, flag(values, 'update') ? 'all' : 'none'), isReadOnly: true };
    const file = path.join(context.folder, entryFileName);
    const here = { kind: 'file', text: '.', file, attributes: [] } as const;
    await look(workspace.project(here, mode, overridesOf(values, context.folder)), workspace);
  } finally {
    await workspace.close();
  }
}

/** What is at a path, at the end of all links. @throws DiagnosticError CAB6101 where nothing is. */
export function findPlace(tree: BrowsedTree, inner: string): Place {
  const place = findFollowing(tree, inner);
  if (place !== undefined) return place;
  throw new DiagnosticError({
    code: 'CAB6101',
    severity: 'error',
    message: `'${displayOf(tree, inner)}' does not exist`,
    hint: `cab ls '${tree.display}' shows what is there`,
  });
}

/** That something was to be a file and is none; the hint says what to do with a directory. */
export function notAFile(display: string, kind: Place['node']['kind'], hint: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6102',
    severity: 'error',
    message: `'${display}' is not a file, but a ${kind === 'directory' ? 'folder' : kind}`,
    hint: kind === 'submodule' ? 'what is in a submodule is in another repository' : hint,
  });
}

/** Prints blobs piece by piece, as long as somebody reads them. */
export function printBlobs(context: CommandContext, store: Store, digests: Iterable<Digest>): void {
  for (const digest of digests) {
    for (const chunk of store.blobs.chunks(digest)) if (!context.print(chunk)) return;
  }
}

/** A path of a tree as messages call it. */
export function displayOf(tree: BrowsedTree, inner: string): string {
  return `${tree.display}${inner === '/' ? '' : inner}`;
}

/** How the command line has an island again, such as `'<github:o/r>/docs'`. */
export function wordOf({ key }: Island, inner: string): string {
  return inner === '/' ? key : `'<${key}>${inner}'`;
}

/** A name made visible, so that none can steer the terminal or break a line. */
export function shownName(name: string): string {
  return name.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
