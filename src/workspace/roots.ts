import path from 'node:path';
import type { Derivation } from '../derivations/index.ts';
import type { Island } from '../islands/index.ts';
import type { Root } from '../language/evaluation/index.ts';
import { libraryFolder } from './locations.ts';

/** What stands behind the roots that evaluation sees. */
export type WorkspaceRoot = LocalRoot | StoredRoot;

/** A folder of this machine: the local tree, Cab's own library, or what was put in an island's place. */
export interface LocalRoot extends Root {
  readonly kind: 'local';
  readonly folder: string;
  /** Whether it stands in an island's place, and so is read with a lock of its own. */
  readonly isForeign: boolean;
}

/** The output of a derivation, which has to be realized before it can be read; an island is one. */
export interface StoredRoot extends Root {
  readonly kind: 'stored';
  readonly derivation: Derivation;
  readonly output: string;
  /** The island that it is, where it is one. */
  readonly island?: Island;
}

/** Shown as a path from where the user is. */
export function localRoot(folder: string): LocalRoot {
  const display = path.relative(process.cwd(), folder) || '.';
  return { kind: 'local', key: `local:${folder}`, display, folder, isForeign: false };
}

/** A local folder in the place of an island. */
export function foreignRoot(folder: string): LocalRoot {
  return { ...localRoot(folder), key: `foreign:${folder}`, isForeign: true };
}

export function libraryRoot(island: Island): LocalRoot {
  if (island.source.kind !== 'library') throw new Error(`${island.key} is no island of the library`);
  const folder = libraryFolder(island.source.folder);
  return { kind: 'local', key: island.key, display: `<${island.key}>`, folder, isForeign: false };
}

export function islandRoot(island: Island, derivation: Derivation): StoredRoot {
  const key = `island:${island.key}:${derivation.id}`;
  return { kind: 'stored', key, display: `<${island.key}>`, derivation, output: 'out', island };
}

export function outputRoot(derivation: Derivation, output: string): StoredRoot {
  const key = `output:${derivation.id}:${output}`;
  return { kind: 'stored', key, display: `${derivation.name}.${output}`, derivation, output };
}
