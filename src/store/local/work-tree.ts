import { lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readTrackedPaths } from './git-index.ts';

/** A git work tree around a local path. */
export interface WorkTree {
  /** Its top folder. */
  readonly top: string;
  /** The file of patterns that belong to this clone only. */
  readonly excludeFile: string;
  /** The tracked paths, relative to the top, and the folders above them. */
  readonly tracked: () => ReadonlySet<string>;
}

/** The innermost work tree that the folder lies in, or undefined. */
export function findWorkTree(folder: string): WorkTree | undefined {
  for (let top = folder; ; top = path.dirname(top)) {
    const gitFolder = gitFolderOf(top);
    if (gitFolder !== undefined) return describe(top, gitFolder);
    if (top === path.dirname(top)) return undefined;
  }
}

function describe(top: string, gitFolder: string): WorkTree {
  const common = path.resolve(gitFolder, readText(path.join(gitFolder, 'commondir'))?.trim() ?? '.');
  return {
    top,
    excludeFile: path.join(common, 'info', 'exclude'),
    tracked: () => trackedPaths(gitFolder, common),
  };
}

/** The folder of git's own files: `.git`, or where that file says, as in a linked work tree or a submodule. */
function gitFolderOf(top: string): string | undefined {
  const entry = path.join(top, '.git');
  const status = lstatSync(entry, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (!status.isFile()) return path.join(entry, '.');
  const target = /^gitdir: (.+)$/m.exec(readText(entry) ?? '')?.[1];
  return target === undefined ? undefined : path.resolve(top, target);
}

/** The last reading of each index, with the status that the file had. */
const known = new Map<string, { readonly status: string; readonly paths: ReadonlySet<string> }>();

function trackedPaths(gitFolder: string, common: string): ReadonlySet<string> {
  const index = path.join(gitFolder, 'index');
  const found = statSync(index, { throwIfNoEntry: false });
  const status = found === undefined ? '' : `${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}`;
  const before = known.get(index);
  // An index that was written a moment ago may be written once more within the same tick of its time.
  if (before?.status === status && found !== undefined && found.ctimeMs < Date.now() - 2000)
    return before.paths;
  const sha256 = /^\s*objectformat\s*=\s*sha256\s*$/im.test(readText(path.join(common, 'config')) ?? '');
  const paths = readTrackedPaths(index, sha256 ? 32 : 20);
  known.set(index, { status, paths });
  return paths;
}

export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
