/** Writes a tree of many files as an archive, and takes it in, against nix with zstd in the pipe. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { type Contender, alternate, isInstalled, printBar } from '../measure.ts';
import { type StoreBench, onEachDisk } from './rig.ts';

const rounds = 7;
const goals = { wallMs: 1 };

await onEachDisk(async (bench) => {
  if (!isInstalled('nix-store') || !isInstalled('zstd')) {
    console.log('\nnix or zstd is not installed: Debian has them in the packages nix-bin and zstd');
    return;
  }
  const tree = await bench.makeTree();
  const output = outputOf(bench.cab('cab store add', ['store', 'add', tree]));
  const nixOutput = outputOf(bench.nixAdd(tree));
  const [archive, nixArchive] = [
    path.join(bench.folder, 'tree.cabs'),
    path.join(bench.folder, 'tree.nar.zst'),
  ];

  const writing = [
    bench.cab('cab store export', ['store', 'export', output, '--output', archive]),
    nixPipe(bench, 'nix-store --export | zstd', `nix-store --export "$0" | zstd --quiet --force -o "$1"`, [
      nixOutput,
      nixArchive,
    ]),
  ];
  const title = `11,000 files, 113 MB, on ${bench.disk}`;
  printBar(`export ${title}, to nix`, await alternate(writing, rounds), goals);

  const reading = [
    bench.cab('cab store import, empty store', ['store', 'import', archive], () => bench.remove('cab-store')),
    nixPipe(
      bench,
      'zstd | nix-store --import, empty',
      'zstd --decompress --stdout "$0" | nix-store --import',
      [nixArchive],
      () => bench.remove('nix'),
    ),
  ];
  printBar(`import ${title}, to nix`, await alternate(reading, rounds), goals);
});

/** The path that a command which adds prints. */
function outputOf({ program, args, folder, environment }: Contender): string {
  return execFileSync(program, args, { cwd: folder, env: { ...environment }, encoding: 'utf8' }).trim();
}

/** A pipe of commands with nix's store of this bench. */
function nixPipe(
  bench: StoreBench,
  name: string,
  script: string,
  args: readonly string[],
  prepare?: () => Promise<void>,
): Contender {
  const { environment, folder } = bench.nixAdd('');
  const contender = {
    name,
    program: 'bash',
    args: ['-c', `set -o pipefail; ${script}`, ...args],
    folder,
    environment,
  };
  return prepare === undefined ? contender : { ...contender, prepare };
}
