import { isString } from './context.ts';
import { describe } from './describe.ts';
import { DerivationValue } from './derivation-value.ts';
import { type Site, asking, fault } from './fault.ts';
import { spanOf } from './mismatch.ts';
import { IslandReference, PathValue, type Value } from './value.ts';
import type { TreePath } from './world.ts';

/** The path that a text means, seen from a folder of a tree. It may not lead out of the tree. */
export function resolvePath(from: TreePath, text: string, site: Site): PathValue {
  const segments: string[] = [];
  for (const segment of `${from.path}/${text}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) {
      throw fault(site.span, 'CAB2015', `the path '${text}' climbs out of the tree that it lies in`, {
        notes: [`it begins at ${displayPath(from)}`],
        hint: 'a tree sees only what is in it; what lies outside is named by an island of its own',
      });
    }
  }
  return new PathValue(from.root, `/${segments.join('/')}`);
}

/** A path as messages and sources call it. */
export function displayPath({ root, path }: TreePath): string {
  return path === '/' ? root.display : `${root.display}${path}`;
}

/** The folder that the file lies in. */
export function folderOf({ root, path }: TreePath): TreePath {
  return { root, path: path.slice(0, path.lastIndexOf('/')) || '/' };
}

/** The place that a value names to read from: a path, or the root of an island or of a derivation's first output. */
export function placeOf(value: Value, site: Site, what: string): PathValue {
  if (value instanceof PathValue) return value;
  if (value instanceof IslandReference) return new PathValue(value.island.root, '/');
  if (value instanceof DerivationValue) return outputPlace(value, site);
  throw fault(
    spanOf(value, site, what),
    'CAB2016',
    `${what} must be a path, an island or a derivation, and is ${describe(value)}`,
    {
      hint: hintFor(value),
    },
  );
}

function outputPlace(value: DerivationValue, site: Site): PathValue {
  const { derivation } = value;
  const output = derivation.outputs.includes('out') ? 'out' : (derivation.outputs[0] as string);
  return new PathValue(
    asking(site, () => site.evaluation.world.outputRoot(derivation, output)),
    '/',
  );
}

function hintFor(value: Value): string | undefined {
  if (typeof value === 'string')
    return 'a path is written without quotes: ./folder/file, or <type:body>/file';
  if (isString(value))
    return 'toPath makes a path of a string that names a place in the output of a derivation';
  return undefined;
}
