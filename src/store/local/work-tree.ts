import { existsSync, lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import { once } from '../../foundation/index.ts';
import { type GitEnvironment, excludesFileOf, isTrue, readGitConfig } from './git-config.ts';
import { readTrackedPaths } from './git-index.ts';
import { readText } from './read-text.ts';

export type { GitEnvironment } from './git-config.ts';

/** A git work tree around a local path. */
export interface WorkTree {
  /** Its top folder. */
  readonly top: string;
  /** The files of patterns that lie in no folder of the tree: the user's, and those of this clone, which go first. */
  readonly excludeFiles: readonly string[];
  /** Whether patterns do not tell small letters from capitals. */
  readonly ignoresCase: boolean;
  /** The tracked paths, relative to the top, and the folders above them. */
  readonly tracked: () => ReadonlySet<string>;
}

/** The innermost work tree that the folder lies in, or undefined. */
export function findWorkTree(folder: string, environment: GitEnvironment): WorkTree | undefined {
  for (let top = folder; ; top = path.dirname(top)) {
    const found = openWorkTree(top, environment);
    if (found !== undefined) return found;
    if (top === path.dirname(top)) return undefined;
  }
}

/** The work tree whose top the folder is, or undefined. */
export function openWorkTree(top: string, environment: GitEnvironment): WorkTree | undefined {
  const gitFolder = gitFolderOf(top);
  if (gitFolder === undefined) return undefined;
  const common = path.resolve(gitFolder, readText(path.join(gitFolder, 'commondir'))?.trim() ?? '.');
  const files = [path.join(common, 'config'), path.join(gitFolder, 'config.worktree')];
  const config = readGitConfig(files, environment);
  const users = excludesFileOf(config, top, environment);
  const idLength = config.get('extensions.objectformat')?.toLowerCase() === 'sha256' ? 32 : 20;
  return {
    top: path.resolve(top),
    excludeFiles: [...(users === undefined ? [] : [users]), path.join(common, 'info', 'exclude')],
    ignoresCase: isTrue(config.get('core.ignorecase')),
    tracked: once(() => trackedPaths(path.join(gitFolder, 'index'), idLength)),
  };
}

/** The folder of git's own files: `.git`, or where that file says, as in a linked work tree or a submodule. */
function gitFolderOf(top: string): string | undefined {
  const entry = path.join(top, '.git');
  const status = lstatSync(entry, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  const target = status.isFile() ? /^gitdir: (.+)$/m.exec(readText(entry) ?? '')?.[1] : '.git';
  if (target === undefined) return undefined;
  const folder = path.resolve(top, target);
  // Without this file git does not take it for a repository either.
  return existsSync(path.join(folder, 'HEAD')) ? folder : undefined;
}

/** The last reading of each index, with the status that the file had. */
const known = new Map<string, { readonly status: string; readonly paths: ReadonlySet<string> }>();

function trackedPaths(index: string, idLength: number): ReadonlySet<string> {
  const found = statSync(index, { throwIfNoEntry: false });
  const status = found === undefined ? '' : `${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}`;
  const before = known.get(index);
  // An index that was written a moment ago may be written once more within the same tick of its time.
  if (before?.status === status && found !== undefined && found.ctimeMs < Date.now() - 2000)
    return before.paths;
  const paths = readTrackedPaths(index, idLength);
  known.set(index, { status, paths });
  return paths;
}
