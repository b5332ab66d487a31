import { lstatSync, readlinkSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { digestOf, hashPartOf, storePath, toStoreName } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';
import {
  type ActionResult,
  OutputDirectorySchema,
  OutputFileSchema,
  type OutputNode,
  type OutputSymlink,
  OutputSymlinkSchema,
  outputNodeOf,
} from '../../protocol/index.ts';
import type { ExpectedOutputs } from './expected-outputs.ts';
import type { OutputNames } from './output-names.ts';
import { joined } from './relative-path.ts';

/** The part of a result that tells of outputs. */
export type CollectedOutputs = Pick<
  ActionResult,
  'outputFiles' | 'outputDirectories' | 'outputSymlinks' | 'outputFileSymlinks' | 'outputDirectorySymlinks'
>;

/** No command knows a path of the store for what it makes, so nothing in it can mention one. */
const nowhere = storePath(hashPartOf(digestOf('the output of a command')), 'output');

/**
 * Takes what a command has left of its outputs into the store. Files are moved there, so an output within another one is looked for in
 * that. What is missing is not there, and no failure.
 */
export async function collectOutputs(
  root: string,
  expected: ExpectedOutputs,
  store: Store,
  names: OutputNames,
): Promise<CollectedOutputs> {
  const taken = new Map<string, OutputNode>();
  const collected: CollectedOutputs = {
    outputFiles: [],
    outputDirectories: [],
    outputSymlinks: [],
    outputFileSymlinks: [],
    outputDirectorySymlinks: [],
  };
  // A folder comes before what is in it.
  for (const path of expected.paths) {
    const kind = expected.kinds.get(path);
    const above = aboveOf(path, taken);
    const node =
      above === undefined
        ? await take(`${root}/${joined(expected.workingFolder, path)}`, { root, path, expected, store })
        : withinTree(above, store);
    if (node === undefined) continue;
    if (node.kind !== 'symlink' && kind !== undefined && node.kind !== kind) continue;
    taken.set(path, node);
    await describe(path, node, { kind, expected, names, collected });
  }
  return collected;
}

/** The output that a path lies in, if one was taken, and the way from there. */
function aboveOf(
  path: string,
  taken: ReadonlyMap<string, OutputNode>,
): { readonly node: OutputNode; readonly way: readonly string[] } | undefined {
  const parts = path.split('/');
  for (let length = parts.length - 1; length >= 0; length--) {
    const node = taken.get(parts.slice(0, length).join('/'));
    if (node !== undefined && path !== '') return { node, way: parts.slice(length) };
  }
  return undefined;
}

function withinTree(
  { node, way }: { readonly node: OutputNode; readonly way: readonly string[] },
  store: Store,
): OutputNode | undefined {
  let found: OutputNode | undefined = node;
  for (const name of way) {
    if (found?.kind !== 'directory') return undefined;
    const { files, directories, symlinks } = store.getTree(found.digest);
    const isIt = (entry: { readonly name: string }): boolean => entry.name === name;
    const [file, directory, link] = [files.find(isIt), directories.find(isIt), symlinks.find(isIt)];
    if (file !== undefined) found = { kind: 'file', ...file };
    else if (directory !== undefined) found = { kind: 'directory', ...directory };
    else found = link && { kind: 'symlink', target: link.target };
  }
  return found;
}

async function take(
  source: string,
  {
    root,
    path,
    expected,
    store,
  }: {
    readonly root: string;
    readonly path: string;
    readonly expected: ExpectedOutputs;
    readonly store: Store;
  },
): Promise<OutputNode | undefined> {
  if (!isReachable(root, joined(expected.workingFolder, path))) return undefined;
  const status = lstatSync(source);
  if (status.isSymbolicLink()) return { kind: 'symlink', target: readlinkSync(source) };
  const name = toStoreName(path === '' ? 'output' : path);
  const { tree } = await store.addOutput({ source, scratch: nowhere, name, candidates: [] });
  return outputNodeOf(store.getTreeEncoding(tree));
}

/** Whether the path is there, by folders all the way: a symbolic link on it could lead to files of the machine. */
function isReachable(root: string, path: string): boolean {
  let place = root;
  const parts = path === '' ? [] : path.split('/');
  for (const [index, name] of parts.entries()) {
    place = `${place}/${name}`;
    const status = lstatSync(place, { throwIfNoEntry: false });
    if (status === undefined || (index < parts.length - 1 && !status.isDirectory())) return false;
  }
  return true;
}

async function describe(
  path: string,
  node: OutputNode,
  {
    kind,
    expected,
    names,
    collected,
  }: {
    readonly kind: 'file' | 'directory' | undefined;
    readonly expected: ExpectedOutputs;
    readonly names: OutputNames;
    readonly collected: CollectedOutputs;
  },
): Promise<void> {
  if (node.kind === 'file') {
    const digest = await names.file(node.digest, node.size);
    collected.outputFiles.push(create(OutputFileSchema, { path, digest, isExecutable: node.executable }));
  } else if (node.kind === 'directory') {
    const digests = await names.directory(node.digest, expected);
    collected.outputDirectories.push(create(OutputDirectorySchema, { path, ...digests }));
  } else {
    const link = create(OutputSymlinkSchema, { path, target: node.target });
    for (const list of listsOf(kind, collected)) list.push(link);
  }
}

/** Clients before 2.1 look for links among those of the kind that they have named. */
function listsOf(kind: 'file' | 'directory' | undefined, collected: CollectedOutputs): OutputSymlink[][] {
  const { outputSymlinks, outputFileSymlinks, outputDirectorySymlinks } = collected;
  if (kind === undefined) return [outputSymlinks];
  return [outputSymlinks, kind === 'file' ? outputFileSymlinks : outputDirectorySymlinks];
}
