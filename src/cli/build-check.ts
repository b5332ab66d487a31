import type { Diagnostic } from '../diagnostics/index.ts';
import type { StorePath } from '../foundation/index.ts';
import {
  type Derivation,
  type OutputRecord,
  type Outputs,
  type Project,
  type Store,
  type TreeChange,
  firstDifference,
  openOutput,
} from '../workspace/index.ts';
import { formatPatch } from './patch.ts';
import { patchesOf } from './patches-of.ts';
import type { StoredPlace } from './store-browsing.ts';
import { type FileChange, differencesOf, fileChangeLines, fileChanges } from './tree-difference.ts';

/** What was built, and is to be built once more. */
export interface BuiltTarget {
  readonly project: Project;
  readonly derivation: Derivation;
  readonly outputs: Outputs;
}

/** What an output came out as when it was built once more. */
export interface OutputCheck {
  readonly output: string;
  readonly recorded: StorePath;
  /** Where what came out lies, where that is another path. */
  readonly again?: StorePath;
  readonly changes: readonly CheckedChange[];
  /** The lines in which short texts differ. */
  readonly patch: string;
}

interface CheckedChange extends FileChange {
  /** The offset of the first byte in which two files differ. */
  readonly firstDifference?: number;
}

export type BuildCheck =
  | { readonly ok: true; readonly outputs: readonly OutputCheck[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Files up to this size are compared by lines, in bytes. */
const textSizeLimit = 64 << 10;

/** Builds once more, and compares each output with what is recorded. What came out otherwise stays in the store, known for nothing. */
export async function checkBuild(store: Store, target: BuiltTarget): Promise<BuildCheck> {
  const result = await target.project.repeat(target.derivation);
  if (!result.ok) return result;
  const outputs = Object.entries(target.outputs).map(([output, recorded]) => {
    const again = result.outputs[output];
    if (again === undefined) throw new Error(`${target.derivation.name} was built without its ${output}`);
    return compareOutput(store, { output, recorded, again });
  });
  return { ok: true, outputs };
}

function compareOutput(
  store: Store,
  {
    output,
    recorded,
    again,
  }: { readonly output: string; readonly recorded: StorePath; readonly again: OutputRecord },
): OutputCheck {
  if (again.path === recorded) return { output, recorded, changes: [], patch: '' };
  store.commit({ outputs: [again] });
  const sides = [placeOf(store, recorded), placeOf(store, again.path)] as const;
  const differences = differencesOf(...sides);
  const changes = fileChanges(store, differences, sides).map((change) => withOffset(store, change));
  const shown = new Set(changes.filter(isShortText).map(({ path }) => path));
  return {
    output,
    recorded,
    again: again.path,
    changes,
    patch: patchText(
      store,
      differences.filter(({ path }) => shown.has(path)),
      sides,
    ),
  };
}

function placeOf(store: Store, output: StorePath): StoredPlace {
  const tree = openOutput(store, output, output);
  const place = tree.find('/');
  if (place === undefined) throw new Error(`'${output}' has no root`);
  return { tree, place, location: { output, inner: '/' } };
}

function withOffset(store: Store, change: FileChange): CheckedChange {
  const { before, after } = change;
  if (before?.kind !== 'file' || after?.kind !== 'file') return change;
  const offset = firstDifference(store.blobs.chunks(before.digest), store.blobs.chunks(after.digest));
  return offset === undefined ? change : { ...change, firstDifference: offset };
}

/** Whether the lines of both sides are worth a look; where only store paths differ there is none. */
function isShortText({ before, after, onlyStorePaths }: FileChange): boolean {
  if (onlyStorePaths || before?.kind !== 'file' || after?.kind !== 'file') return false;
  return before.size <= textSizeLimit && after.size <= textSizeLimit;
}

function patchText(
  store: Store,
  differences: readonly TreeChange[],
  [one, other]: readonly [StoredPlace, StoredPlace],
): string {
  const opener = { all: <T, R>(items: readonly T[], compute: (item: T) => R): R[] => items.map(compute) };
  return patchesOf(differences, { one, other }, { opener, store })
    .map(formatPatch)
    .filter((patch) => !patch.includes('\nBinary files '))
    .join('');
}

/** What is told of an output: whether it is the same, and if not, all that is different. */
export function checkText(name: string, { output, again, changes, patch }: OutputCheck): string {
  const title = `${name}${output === 'out' ? '' : `, output ${output}`}`;
  if (again === undefined) return `same     ${title}\n`;
  const offsets = changes.flatMap(({ path, firstDifference: offset }) =>
    offset === undefined ? [] : [`first different byte at ${offset}: ${path || '.'}\n`],
  );
  return `differs  ${title}\n${fileChangeLines(changes)}${offsets.join('')}${patch}`;
}

/** That something came out otherwise, and where both results lie. */
export function notReproducible(store: Store, name: string, check: OutputCheck): Diagnostic {
  const { output, recorded, again, changes } = check;
  const count = changes.length === 1 ? 'one file differs' : `${changes.length} files differ`;
  return {
    code: 'CAB4013',
    severity: 'error',
    message: `'${name}' came out otherwise when it was built again: ${output === 'out' ? '' : `in its output '${output}' `}${count}`,
    notes: [
      `recorded: ${store.materialise(recorded)}`,
      ...(again === undefined ? [] : [`built again: ${store.materialise(again)}`]),
    ],
    hint: 'what is recorded counts; look for times, random numbers, or an order that is not sorted, in what differs',
  };
}
