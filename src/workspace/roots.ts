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
  /** Whether its files may name places of this machine: what comes from elsewhere knows nothing of them. */
  readonly namesPaths: boolean;
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
  return { kind: 'local', key: `local:${folder}`, display, folder, isForeign: false, namesPaths: true };
}

/** A local folder in the place of an island. */
export function foreignRoot(folder: string): LocalRoot {
  return { ...localRoot(folder), key: `foreign:${folder}`, isForeign: true, namesPaths: false };
}

export function libraryRoot(island: Island): LocalRoot {
  if (island.source.kind !== 'library') throw new Error(`${island.key} is no island of the library`);
  const folder = libraryFolder(island.source.folder);
  const display = `<${island.key}>`;
  return { kind: 'local', key: island.key, display, folder, isForeign: false, namesPaths: false };
}

/** A folder or file that a path island names. */
export function pathRoot(island: Island, place: string): LocalRoot {
  const display = `<${island.key}>`;
  return { kind: 'local', key: `path:${place}`, display, folder: place, isForeign: true, namesPaths: true };
}

export function islandRoot(island: Island, derivation: Derivation): StoredRoot {
  const key = `island:${island.key}:${derivation.id}`;
  return { kind: 'stored', key, display: `<${island.key}>`, derivation, output: 'out', island };
}

export function outputRoot(derivation: Derivation, output: string): StoredRoot {
  const key = `output:${derivation.id}:${output}`;
  return { kind: 'stored', key, display: `${derivation.name}.${output}`, derivation, output };
}
