import { type Stats, lstatSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import { encodeDirectory } from '../directory-encoding.ts';
import {
  type Directory,
  type DirectoryNode,
  type FileNode,
  type SymlinkNode,
  emptyDirectory,
} from '../directory.ts';
import { readEntries, readTarget } from '../disk-entries.ts';
import { hashFile } from './on-disk.ts';

/** The directories that a tree on disk is made of; the last one is the root. Undefined where it holds what no tree can. */
export async function encodeFolder(target: string): Promise<readonly Uint8Array[] | undefined> {
  const encodings: Uint8Array[] = [];
  const status = lstatSync(target);
  if (status.isDirectory()) return (await directoryAt(target, encodings)) && encodings;
  if (status.isSymbolicLink()) {
    encode({ ...emptyDirectory, symlinks: [{ name: '', target: readTarget(target) }] }, encodings);
    return encodings;
  }
  if (!status.isFile()) return undefined;
  encode({ ...emptyDirectory, files: [await fileAt('', target, status)] }, encodings);
  return encodings;
}

function encode(directory: Directory, encodings: Uint8Array[]): BlobReference {
  const encoding = encodeDirectory(directory);
  encodings.push(encoding);
  return { digest: digestOf(encoding), size: encoding.length };
}

async function directoryAt(folder: string, encodings: Uint8Array[]): Promise<BlobReference | undefined> {
  const files: FileNode[] = [];
  const directories: DirectoryNode[] = [];
  const symlinks: SymlinkNode[] = [];
  for (const { name } of readEntries(folder)) {
    const entry = path.join(folder, name);
    const status = lstatSync(entry);
    if (status.isDirectory()) {
      const child = await directoryAt(entry, encodings);
      if (child === undefined) return undefined;
      directories.push({ name, ...child });
    } else if (status.isSymbolicLink()) symlinks.push({ name, target: readTarget(entry) });
    else if (status.isFile()) files.push(await fileAt(name, entry, status));
    else return undefined;
  }
  return encode({ files, directories, symlinks }, encodings);
}

async function fileAt(name: string, file: string, status: Stats): Promise<FileNode> {
  const executable = (status.mode & 0o100) !== 0;
  return { name, digest: await hashFile(file), size: status.size, executable };
}
