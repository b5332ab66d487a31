import { mkdirSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Claim } from '../../src/derivations/index.ts';
import { type StorePath, hashPartOf, storePath } from '../../src/foundation/index.ts';
import {
  type CollectionOptions,
  type CollectionPlan,
  type CollectionStep,
  type OutputRecord,
  type Store,
  encodeDirectory,
} from '../../src/store/index.ts';
import { bytes } from './temporary-store.ts';

/** A lock file of the tests: a claim a line. */
function readLock(text: string): readonly Claim[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [format, value] = line.split(':') as [string, string];
      return { format, value };
    });
}

/** Does something at a step of a collection, before the collection goes on. */
export type Interference = (step: CollectionStep) => void | Promise<void>;

/** Collects to the end and gives the steps. */
export async function collect(
  store: Store,
  options: Partial<CollectionOptions> = {},
  interfere: Interference = () => undefined,
): Promise<CollectionStep[]> {
  const steps: CollectionStep[] = [];
  for await (const step of store.collect({ readLock, ...options })) {
    steps.push(step);
    await interfere(step);
  }
  return steps;
}

export function planOf(steps: readonly CollectionStep[]): CollectionPlan {
  const [first] = steps;
  if (first?.kind !== 'planned') throw new Error('the first step is not the plan');
  return first.plan;
}

export function removedIn(steps: readonly CollectionStep[]): StorePath[] {
  return steps.flatMap((step) => (step.kind === 'output-removed' ? [step.path] : []));
}

/** What came free on disk, in bytes. */
export function freedIn(steps: readonly CollectionStep[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'blobs-removed' ? step.bytes : 0), 0);
}

/** Commits an output with these files, by path of at most two parts, and their texts. */
export function commitFiles(
  store: Store,
  files: Readonly<Record<string, string>>,
  references: readonly StorePath[] = [],
  name = 'output',
): OutputRecord {
  const folders = new Map<string, { name: string; text: string }[]>();
  for (const [place, text] of Object.entries(files)) {
    const folder = path.dirname(place) === '.' ? '' : path.dirname(place);
    folders.set(folder, [...(folders.get(folder) ?? []), { name: path.basename(place), text }]);
  }
  const put = (folder: string) =>
    (folders.get(folder) ?? []).map((file) => ({
      name: file.name,
      ...store.blobs.put(bytes(file.text)),
      executable: false,
    }));
  const directories = [...folders.keys()]
    .filter((folder) => folder !== '')
    .map((folder) => ({
      name: folder,
      ...store.putTree(encodeDirectory({ files: put(folder), directories: [], symlinks: [] })),
    }));
  const { digest } = store.putTree(encodeDirectory({ files: put(''), directories, symlinks: [] }));
  const size = Object.values(files).reduce((sum, text) => sum + text.length, 0);
  const output = { path: storePath(hashPartOf(digest), name), tree: digest, size, references };
  store.commit({ outputs: [output] });
  return output;
}

/** Links to an output, as a result does, and registers the link. */
export function linkTo(store: Store, output: OutputRecord, link: string): void {
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(store.materialise(output.path), link);
  store.addRoots([{ kind: 'link', path: link }]);
}

/** Has all that the store holds be last used at this time, in milliseconds since 1970. */
export function ageAll(store: Store, usedMs = 1_000_000): void {
  for (const name of blobNames(store)) {
    utimesSync(path.join(store.folder, 'blobs', name.slice(0, 2), name), usedMs / 1000, 1);
  }
  const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  for (const table of ['outputs', 'trees', 'action_results'])
    database.exec(`UPDATE ${table} SET used = ${usedMs}`);
  database.close();
}

/** The names of all blob files. */
export function blobNames(store: Store): string[] {
  return readdirSync(path.join(store.folder, 'blobs'), { recursive: true })
    .map((name) => path.basename(String(name)))
    .filter((name) => name.length >= 64);
}
