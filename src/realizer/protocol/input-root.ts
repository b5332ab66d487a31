import {
  type Digest,
  type StorePath,
  baseNameOfStorePath,
  digestOf,
  parseStorePath,
  storeFolder,
} from '../../foundation/index.ts';
import { type Directory, decodeDirectory, encodeDirectory } from '../../store/index.ts';

/** An input of a derivation: where it lies, and what lies there as a node of a directory. */
export interface InputNode {
  readonly path: StorePath;
  readonly node: OutputNode;
}

/** An output as a node without a name: a single file and a single symbolic link are what they are, without a directory. */
export type OutputNode =
  | { readonly kind: 'directory'; readonly digest: Digest; readonly size: number }
  | { readonly kind: 'file'; readonly digest: Digest; readonly size: number; readonly executable: boolean }
  | { readonly kind: 'symlink'; readonly target: string };

/** What an output is, by the encoding of its root directory. @throws DiagnosticError CAB5007 where that is none. */
export function outputNodeOf(encoding: Uint8Array): OutputNode {
  const { files, symlinks } = decodeDirectory(encoding);
  const [file] = files;
  const [link] = symlinks;
  if (file?.name === '')
    return { kind: 'file', digest: file.digest, size: file.size, executable: file.executable };
  if (link?.name === '') return { kind: 'symlink', target: link.target };
  return { kind: 'directory', digest: digestOf(encoding), size: encoding.length };
}

/** A directory's encoding and its digest. */
export interface EncodedInput {
  readonly digest: Digest;
  readonly encoding: Uint8Array;
}

/** The folders above the inputs, from the root on. */
const folders = storeFolder.split('/').slice(1);

/**
 * The input root of a derivation: the folder of the store with its inputs, and the folders above it. The root comes first, and so does
 * each before what is in it.
 */
export function inputRootOf(inputs: readonly InputNode[]): readonly EncodedInput[] {
  const encoded: EncodedInput[] = [encoding(inputsFolder(inputs))];
  for (const name of folders.toReversed()) {
    const { digest, encoding: child } = encoded[0] as EncodedInput;
    const directories = [{ name, digest, size: child.length }];
    encoded.unshift(encoding({ files: [], directories, symlinks: [] }));
  }
  return encoded;
}

function inputsFolder(inputs: readonly InputNode[]): Directory {
  const named = inputs.map(({ path, node }) => ({ name: baseNameOfStorePath(path), ...node }));
  return {
    files: named.filter((node) => node.kind === 'file'),
    directories: named.filter((node) => node.kind === 'directory'),
    symlinks: named.filter((node) => node.kind === 'symlink'),
  };
}

function encoding(directory: Directory): EncodedInput {
  const bytes = encodeDirectory(directory);
  return { digest: digestOf(bytes), encoding: bytes };
}

export type ReadInputRoot =
  | { readonly ok: true; readonly inputs: readonly InputNode[] }
  /** A directory that is not there. */
  | { readonly ok: false; readonly missing: { readonly digest: Digest; readonly size: number } }
  /** Why it is none of a derivation, as a phrase. */
  | { readonly ok: false; readonly fault: string };

/**
 * The inputs that an input root holds.
 *
 * @throws DiagnosticError CAB5007 where a directory is not in its canonical form.
 */
export async function readInputRoot(
  root: { readonly digest: Digest; readonly size: number },
  read: (directory: { readonly digest: Digest; readonly size: number }) => Promise<Uint8Array | undefined>,
): Promise<ReadInputRoot> {
  let next = root;
  for (const name of folders) {
    const found = await read(next);
    if (found === undefined) return { ok: false, missing: next };
    const { files, directories, symlinks } = decodeDirectory(found);
    const [child, ...others] = directories;
    if (child?.name !== name || files.length + symlinks.length + others.length > 0)
      return { ok: false, fault: `its input root holds something else than '${storeFolder.slice(1)}'` };
    next = { digest: child.digest, size: child.size };
  }
  const found = await read(next);
  return found === undefined ? { ok: false, missing: next } : inputsIn(decodeDirectory(found));
}

function inputsIn({ files, directories, symlinks }: Directory): ReadInputRoot {
  const nodes = [
    ...files.map((file) => ({ ...file, kind: 'file' as const })),
    ...directories.map((directory) => ({ ...directory, kind: 'directory' as const })),
    ...symlinks.map((link) => ({ ...link, kind: 'symlink' as const })),
  ];
  const inputs: InputNode[] = [];
  for (const { name, ...node } of nodes) {
    const path = parseStorePath(`${storeFolder}/${name}`);
    if (path === undefined) return { ok: false, fault: `its input '${name}' has not the name of an output` };
    inputs.push({ path, node });
  }
  return { ok: true, inputs };
}
