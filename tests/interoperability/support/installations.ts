import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where other people's programs are: the system itself, or one that was unpacked beside it. */
export interface Installation {
  /** Makes the words that start a program which may write to one folder. */
  command(folder: string, words: readonly string[]): readonly string[];
  /** Where a file of it lies, as this system sees it. */
  place(file: string): string;
}

const system: Installation = { command: (_, words) => words, place: (file) => file };

/** Debian forky, as `install.sh forky` unpacks it. */
const forkyFolder =
  process.env['CAB_FORKY'] ?? path.join(homedir(), '.cache', 'cab-interoperability', 'forky');

const forky: Installation = {
  command: (folder, words) => ['bwrap', ...sandboxOptions(folder), '--', ...words],
  place: (file) => path.join(forkyFolder, file),
};

export const installForky = 'tests/interoperability/install.sh forky';

/** The unpacked system that has such a program; undefined where none is there. */
export function findForky(program: string): Installation | undefined {
  return existsSync(forky.place(`usr/bin/${program}`)) && isProgram('bwrap') ? forky : undefined;
}

/** The system itself, if it has such a program. */
export function findHere(program: string): Installation | undefined {
  return isProgram(program) ? system : undefined;
}

function isProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/** The other system's programs, and of this one only the folder and the network. */
function sandboxOptions(folder: string): readonly string[] {
  const readOnly = ['usr', 'etc', 'var'].flatMap((name) => [
    '--ro-bind',
    path.join(forkyFolder, name),
    `/${name}`,
  ]);
  const links = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  // casd mounts what it runs by FUSE if it can find this program, which fails where FUSE may not be used.
  const withoutFuse = existsSync(path.join(forkyFolder, 'usr/bin/buildbox-fuse'))
    ? ['--ro-bind', '/dev/null', '/usr/bin/buildbox-fuse']
    : [];
  const own = ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/run'];
  const shared = ['--bind', folder, folder, '--chdir', folder, '--die-with-parent'];
  return ['--tmpfs', '/', ...readOnly, ...withoutFuse, ...links, ...own, ...shared];
}
