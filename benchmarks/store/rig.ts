import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  cabCommand,
  chooseSeed,
  makeTemporaryFolder,
  removeFolder,
  writeLarge,
} from '../../tests/support/index.ts';
import type { Contender } from '../measure.ts';

/** The tree that the bars of the store take in: source-like text, most files of a few KB. */
export const treeOptions = { files: 11_000, bytes: 113_000_000 };

/** A folder to measure in, with commands that have nothing but what lies in it. */
export class StoreBench {
  /** What the folder's disk is, such as `tmpfs`. */
  readonly disk: string;
  readonly folder: string;
  readonly store: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor(disk: string, folder: string) {
    this.disk = disk;
    this.folder = folder;
    this.store = path.join(folder, 'cab-store');
    this.environment = { PATH: process.env['PATH'] ?? '', HOME: path.join(folder, 'home') };
  }

  cab(name: string, args: readonly string[], prepare?: () => Promise<void>): Contender {
    const environment = {
      ...this.environment,
      CAB_STORE: this.store,
      CAB_CONFIG: path.join(this.folder, 'none'),
    };
    return this.#contender(name, cabCommand, args, environment, prepare);
  }

  /** `nix-store --add` of a path, into a store of its own that is empty each time. */
  nixAdd(place: string): Contender {
    const nix = path.join(this.folder, 'nix');
    const environment = {
      ...this.environment,
      NIX_STORE_DIR: path.join(nix, 'store'),
      NIX_STATE_DIR: path.join(nix, 'var'),
      NIX_LOCALSTATE_DIR: path.join(nix, 'var'),
      NIX_LOG_DIR: path.join(nix, 'log'),
      NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstitute = false',
    };
    return this.#contender('nix-store --add', 'nix-store', ['--add', place], environment, () =>
      this.remove('nix'),
    );
  }

  /** `cp -r` of a path to where nothing is. */
  copy(place: string): Contender {
    const target = path.join(this.folder, 'copy');
    return this.#contender('cp -r', 'cp', ['-r', place, target], this.environment, () => this.remove('copy'));
  }

  other(name: string, program: string, args: readonly string[], folder: string): Contender {
    return { ...this.#contender(name, program, args, this.environment), folder };
  }

  /** Removes what lies there, and waits until the disk has nothing more to do. */
  async remove(name: string): Promise<void> {
    await removeFolder(path.join(this.folder, name));
    if (this.disk !== 'tmpfs') spawnSync('sync', ['--file-system', this.folder]);
  }

  async makeTree(options = treeOptions): Promise<string> {
    const tree = path.join(this.folder, 'tree');
    await writeLarge(tree, { ...options, seed: chooseSeed() });
    return tree;
  }

  #contender(
    name: string,
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    prepare?: () => Promise<void>,
  ): Contender {
    const contender = { name, program, args, folder: this.folder, environment };
    return prepare === undefined ? contender : { ...contender, prepare };
  }
}

/**
 * Measures in the folder for temporary files, and, where this user may mount one, on an ext4 of its own that lies there: what a file
 * system makes of thousands of files is a good part of each bar.
 */
export async function onEachDisk(measure: (bench: StoreBench) => Promise<void>): Promise<void> {
  const folder = await makeTemporaryFolder();
  try {
    const here = path.join(folder, 'here');
    mkdirSync(here);
    await measure(new StoreBench(diskOf(here), here));
    await removeFolder(here);
    await onExt4(folder, measure);
  } finally {
    await removeFolder(folder);
  }
}

async function onExt4(folder: string, measure: (bench: StoreBench) => Promise<void>): Promise<void> {
  const [image, mounted] = [path.join(folder, 'image'), path.join(folder, 'mounted')];
  mkdirSync(mounted);
  const isMounted =
    succeeds('truncate', '--size=8G', image) &&
    succeeds('mkfs.ext4', '-q', '-F', image) &&
    succeeds('mount', '-o', 'loop', image, mounted);
  if (!isMounted) {
    console.log('\nno ext4 could be mounted: that takes root, and a loop device');
    return;
  }
  try {
    await measure(new StoreBench('ext4', mounted));
  } finally {
    execFileSync('umount', [mounted]);
  }
}

function succeeds(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function diskOf(folder: string): string {
  return execFileSync('stat', ['--file-system', '--format=%T', folder], { encoding: 'utf8' }).trim();
}
