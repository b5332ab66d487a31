import { fromBinary } from '@bufbuild/protobuf';
import {
  type ContentDigest,
  type Directory,
  DirectorySchema,
  contentDigestOf,
} from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import { type ActionFault, invalid, missingContent } from './action-fault.ts';
import { isEntryName } from './relative-path.ts';

/** A directory of an input root, as far as it matters to whoever runs something in it. */
export interface InputDirectory {
  readonly files: readonly InputFile[];
  readonly directories: readonly { readonly name: string; readonly digest: ContentDigest }[];
  readonly symlinks: readonly { readonly name: string; readonly target: string }[];
}

interface InputFile {
  readonly name: string;
  readonly digest: ContentDigest;
  readonly executable: boolean;
}

export interface InputLimits {
  /** Files, directories and links, wherever they stand, each as often as it stands there. */
  readonly entries: number;
  /** Of all files together, in bytes. */
  readonly size: number;
  /** Of the way to a file, in directories. */
  readonly depth: number;
  /** Of one directory's message, in bytes. */
  readonly directory: number;
}

/** An input root, all of whose directories were read and whose files are there. */
export interface InputTree {
  readonly root: ContentDigest;
  /** By hash. */
  readonly directories: ReadonlyMap<string, InputDirectory>;
}

/** How many directories are read at once. */
const readAtOnce = 64;

/**
 * Reads an input root.
 *
 * @throws ActionFault where something of it is missing, malformed, or more than the limits allow.
 */
export async function readInputTree(
  root: ContentDigest,
  content: ContentStore,
  limits: InputLimits,
): Promise<InputTree> {
  const directories = new Map<string, InputDirectory>();
  const missing: ContentDigest[] = [];
  const asked = new Set<string>([root.hash]);
  let waiting = [root];
  while (waiting.length > 0) {
    const slice = waiting.slice(0, readAtOnce);
    const rest = waiting.slice(readAtOnce);
    const found = await Promise.all(slice.map((digest) => readDirectory(digest, content, limits)));
    for (const [index, directory] of found.entries()) {
      const digest = slice[index] as ContentDigest;
      if (directory === undefined) missing.push(digest);
      else directories.set(digest.hash, directory);
      for (const child of directory?.directories ?? []) {
        if (asked.has(child.digest.hash)) continue;
        asked.add(child.digest.hash);
        rest.push(child.digest);
      }
    }
    if (asked.size > limits.entries) throw tooLarge(`more than ${limits.entries} directories`);
    waiting = rest;
  }
  const files = new Map(
    [...directories.values()].flatMap((each) => each.files.map((file) => [file.digest.hash, file.digest])),
  );
  missing.push(...(await content.missing([...files.values()])));
  if (missing.length > 0) throw missingContent(missing);
  refuseExcess({ root, directories }, limits);
  return { root, directories };
}

async function readDirectory(
  digest: ContentDigest,
  content: ContentStore,
  limits: InputLimits,
): Promise<InputDirectory | undefined> {
  if (digest.size > limits.directory) throw tooLarge(`a directory of more than ${limits.directory} bytes`);
  const bytes = digest.size === 0 ? new Uint8Array(0) : await content.read(digest);
  return bytes && directoryOf(decodedDirectory(bytes), digest);
}

function decodedDirectory(bytes: Uint8Array): Directory {
  try {
    return fromBinary(DirectorySchema, bytes);
  } catch {
    throw invalid('the content of the digest of a directory of the input root is none');
  }
}

/** What was written by someone else is taken for nothing but what it has to be. */
function directoryOf(directory: Directory, { function: name }: ContentDigest): InputDirectory {
  const names = new Set<string>();
  for (const entry of [...directory.files, ...directory.directories, ...directory.symlinks]) {
    if (!isEntryName(entry.name))
      throw invalid(
        `the input root holds the name ${JSON.stringify(entry.name.slice(0, 100))}, which no entry can have`,
      );
    if (names.has(entry.name)) throw invalid(`a directory of the input root holds '${entry.name}' twice`);
    names.add(entry.name);
  }
  const digestOf = (entry: Directory['files'][number] | Directory['directories'][number]): ContentDigest => {
    const digest = contentDigestOf(name, entry.digest);
    if (digest === undefined) throw invalid(`'${entry.name}' of the input root has no digest`);
    return digest;
  };
  return {
    files: directory.files.map((file) => {
      return { name: file.name, digest: digestOf(file), executable: file.isExecutable };
    }),
    directories: directory.directories.map((child) => ({ name: child.name, digest: digestOf(child) })),
    symlinks: directory.symlinks.map(symlinkOf),
  };
}

function symlinkOf({ name, target }: Directory['symlinks'][number]): InputDirectory['symlinks'][number] {
  if (target === '' || target.includes('\0') || Buffer.byteLength(target) > 4095)
    throw invalid(`the symbolic link '${name}' of the input root leads nowhere`);
  return { name, target };
}

interface Extent {
  readonly entries: number;
  readonly size: number;
  readonly depth: number;
}

/** A few directories that hold each other many times over can be a tree without an end to speak of: it is counted before it is made. */
function refuseExcess({ root, directories }: InputTree, limits: InputLimits): void {
  const extents = new Map<string, Extent>();
  const directoryOf = (hash: string): InputDirectory => directories.get(hash) as InputDirectory;
  const way = [{ hash: root.hash, next: 0 }];
  for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
    const child = directoryOf(last.hash).directories[last.next++];
    if (child === undefined) {
      extents.set(last.hash, extentOf(directoryOf(last.hash), extents));
      way.pop();
    } else if (!extents.has(child.digest.hash)) {
      if (way.length >= limits.depth) throw tooDeep(limits);
      way.push({ hash: child.digest.hash, next: 0 });
    }
  }
  const { entries, size, depth } = extents.get(root.hash) as Extent;
  if (depth > limits.depth) throw tooDeep(limits);
  if (entries > limits.entries) throw tooLarge(`more than ${limits.entries} files and directories`);
  if (size > limits.size) throw tooLarge(`files of more than ${limits.size} bytes`);
}

function extentOf(directory: InputDirectory, extents: ReadonlyMap<string, Extent>): Extent {
  let entries = directory.files.length + directory.directories.length + directory.symlinks.length;
  let size = 0;
  let depth = 1;
  for (const { digest } of directory.files) size += digest.size;
  for (const { digest } of directory.directories) {
    const child = extents.get(digest.hash) as Extent;
    entries += child.entries;
    size += child.size;
    depth = Math.max(depth, child.depth + 1);
  }
  return { entries, size, depth };
}

function tooDeep({ depth }: InputLimits): ActionFault {
  return tooLarge(`directories within each other, more than ${depth} deep`);
}

function tooLarge(what: string): ActionFault {
  return invalid(`the input root is too large for this realizer: it holds ${what}`);
}
