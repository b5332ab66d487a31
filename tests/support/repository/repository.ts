import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { readTree, type Tree } from '../read-tree.ts';
import { fastImportCommit } from './fast-import.ts';
import { git, gitEnvironment } from './git.ts';

/** What a file of a repository is made of; `null` takes it away. */
export type FileContent =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly executable: boolean }
  | { readonly symlink: string }
  | null;

export interface RepositoryOptions {
  /** Whether the server answers filtered fetches; true unless said otherwise. */
  readonly allowFilter?: boolean;
  /** Whether objects carry SHA-1 or SHA-256 names; SHA-1 unless said otherwise. */
  readonly objectFormat?: 'sha1' | 'sha256';
}

/** The first commit's time, in seconds; each further commit is a minute later. */
const firstTimeSeconds = 1_700_000_000;

/** A bare repository that is written to as a story: `write` collects changes, `commit` makes them a commit. */
export class Repository {
  readonly folder: string;
  #branch = 'main';
  #pending = new Map<string, Exclude<FileContent, undefined>>();
  #commits = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Collects changes for the next commit. */
  write(files: Readonly<Record<string, FileContent>> | ReadonlyMap<string, FileContent>): this {
    for (const [name, content] of files instanceof Map ? files : Object.entries(files)) {
      this.#pending.set(name, content as FileContent);
    }
    return this;
  }

  /** Commits what was collected to the current branch, and answers the commit's id. */
  async commit(message = 'A change'): Promise<string> {
    const parent = await this.#find(`refs/heads/${this.#branch}`);
    const files = this.#pending;
    this.#pending = new Map();
    await git(['fast-import', '--quiet', '--force'], {
      folder: this.folder,
      input: fastImportCommit({
        branch: this.#branch,
        parent,
        message,
        files,
        timeSeconds: this.#nextTime(),
      }),
    });
    return this.resolve(`refs/heads/${this.#branch}`);
  }

  /** Makes a commit whose tree is the one before the branch's last commit. */
  async revert(): Promise<string> {
    return this.#commitTree(await this.resolve(`${this.#branch}~1^{tree}`), [this.#branch], 'Revert');
  }

  /** Goes on with another branch, which begins at a commit or, if it is new, at the current branch. */
  async branch(name: string, start: string = this.#branch): Promise<void> {
    if ((await this.#find(`refs/heads/${name}`)) === undefined)
      await this.#setRef(`refs/heads/${name}`, start);
    this.#branch = name;
  }

  /** Tags the current branch: with a message an annotated tag, else a lightweight one. Answers the tag's object. */
  async tag(name: string, message?: string): Promise<string> {
    const annotation = message === undefined ? [] : ['--annotate', `--message=${message}`];
    await git(['tag', '--force', ...annotation, name, this.#branch], this.#at(this.#nextTime()));
    return this.resolve(`refs/tags/${name}`);
  }

  /**
   * Puts one commit without ancestors, with the tree as it is and what was collected, in the place of the branch's history, and drops every
   * object that nothing reaches any more.
   */
  async rewrite(message = 'History rewritten'): Promise<string> {
    if (this.#pending.size > 0) await this.commit(message);
    const commit = await this.#commitTree(await this.resolve(`${this.#branch}^{tree}`), [], message);
    await git(['reflog', 'expire', '--expire=now', '--all'], { folder: this.folder });
    await git(['gc', '--quiet', '--prune=now'], { folder: this.folder });
    return commit;
  }

  /** Packs all objects anew, with as many deltas as git finds. */
  async repack(): Promise<void> {
    await git(['repack', '-a', '-d', '-f', '--quiet', '--depth=50', '--window=50'], { folder: this.folder });
  }

  /** The id that a revision names. */
  resolve(revision: string): Promise<string> {
    return git(['rev-parse', '--verify', '--end-of-options', revision], { folder: this.folder });
  }

  /** The tree of a commit, or a folder of it, as `git archive` and `tar` unpack it. */
  async archive(commit = 'HEAD', subtree?: string): Promise<Tree> {
    const folder = await makeTemporaryFolder();
    try {
      await this.#unpack(subtree === undefined ? commit : `${commit}:${subtree}`, folder);
      return await readTree(folder);
    } finally {
      await removeFolder(folder);
    }
  }

  async #unpack(tree: string, folder: string): Promise<void> {
    const archive = spawn('git', ['archive', '--format=tar', tree], {
      cwd: this.folder,
      env: gitEnvironment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
    archive.stdout.pipe(tar.stdin);
    const [[archived], [unpacked]] = await Promise.all([once(archive, 'close'), once(tar, 'close')]);
    if (archived !== 0 || unpacked !== 0) throw new Error(`unpacking '${tree}' of ${this.folder} failed`);
  }

  async #commitTree(tree: string, parents: readonly string[], message: string): Promise<string> {
    const parentArguments = parents.flatMap((parent) => ['-p', parent]);
    const commit = await git(
      ['commit-tree', ...parentArguments, '-m', message, tree],
      this.#at(this.#nextTime()),
    );
    await this.#setRef(`refs/heads/${this.#branch}`, commit);
    return commit;
  }

  async #setRef(ref: string, target: string): Promise<void> {
    await git(['update-ref', ref, await this.resolve(target)], { folder: this.folder });
  }

  async #find(revision: string): Promise<string | undefined> {
    const found = await git(['for-each-ref', '--format=%(objectname)', revision], { folder: this.folder });
    return found === '' ? undefined : found;
  }

  #nextTime(): number {
    return firstTimeSeconds + 60 * this.#commits++;
  }

  #at(timeSeconds: number): { folder: string; environment: Record<string, string> } {
    const date = `${timeSeconds} +0000`;
    return { folder: this.folder, environment: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } };
  }
}

/** Makes a bare repository in a folder that does not exist yet; its branch is `main`. */
export async function makeRepository(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
  await mkdir(path.dirname(folder), { recursive: true });
  const format = options.objectFormat ?? 'sha1';
  await git(['init', '--quiet', '--bare', '--initial-branch=main', `--object-format=${format}`, folder]);
  await git(['config', 'uploadpack.allowFilter', String(options.allowFilter ?? true)], { folder });
  await git(['config', 'gc.auto', '0'], { folder });
  return new Repository(folder);
}
