import { type Stats, lstatSync } from 'node:fs';
import path from 'node:path';
import type { Digest } from '../../foundation/index.ts';
import { isUntouched } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import { writtenTo } from '../faults.ts';

/**
 * Looks whether anybody has written to a tree that lies on disk, by the times and sizes of what is in it. Nothing is read.
 *
 * @throws DiagnosticError CAB5010 where somebody has.
 */
export function examineTree(target: string, root: Directory, readTree: (digest: Digest) => Directory): void {
  const status = lstatSync(target, { throwIfNoEntry: false });
  const [file] = root.files;
  if (file?.name === '') return judge(target, status, file.size);
  if (root.symlinks[0]?.name === '') return judge(target, status);
  examineFolder(target, status, root);

  function examineFolder(folder: string, found: Stats | undefined, directory: Directory): void {
    judge(folder, found);
    for (const { name, size } of directory.files)
      judge(path.join(folder, name), statusOf(folder, name), size);
    for (const { name, digest } of directory.directories) {
      examineFolder(path.join(folder, name), statusOf(folder, name), readTree(digest));
    }
  }
}

function statusOf(folder: string, name: string): Stats | undefined {
  return lstatSync(path.join(folder, name), { throwIfNoEntry: false });
}

function judge(place: string, status: Stats | undefined, size?: number): void {
  if (status !== undefined && isUntouched(status) && (size === undefined || status.size === size)) return;
  throw writtenTo(`what belongs at '${place}'`, place);
}
