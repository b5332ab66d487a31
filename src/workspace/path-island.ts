import { existsSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/index.ts';
import type { Island, IslandSource } from '../islands/index.ts';
import type { WorkspaceRoot } from './roots.ts';

/**
 * Where a path island lies on this machine: what is relative begins at the top of the tree whose file names it.
 *
 * @throws DiagnosticError CAB3211 where that is no tree of this machine, CAB6101 where nothing is there.
 */
export function placeOfPathIsland(
  { key }: Island,
  { place, subtree }: IslandSource & { readonly kind: 'local' },
  from: WorkspaceRoot,
): string {
  if (from.kind !== 'local' || !from.namesPaths) throw notLocal(key, from);
  const absolute = path.resolve(from.folder, place, subtree);
  if (!existsSync(absolute)) throw nothingThere(key, absolute);
  return absolute;
}

function notLocal(key: string, from: WorkspaceRoot): DiagnosticError {
  const standing = from.kind === 'local' && from.isForeign ? 'stand for an island' : 'come';
  return new DiagnosticError({
    code: 'CAB3211',
    severity: 'error',
    message: `the island '${key}' names a place of this machine, and the files of '${from.display}' ${standing} from elsewhere`,
    hint: 'what lies in the same tree is named by a path, as in ./folder; what lies elsewhere by an island with an origin',
  });
}

function nothingThere(key: string, absolute: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6101',
    severity: 'error',
    message: `the island '${key}' does not exist: nothing is at '${absolute}'`,
    hint: 'a relative one begins at the top of the tree of the file that names it: its git work tree, or its folder',
  });
}
