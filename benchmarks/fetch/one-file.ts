/** An update of a large repository after a commit that changes one file: bytes over the network, and time against nix. */
import path from 'node:path';
import { chooseSeed, git, makeLarge } from '../../tests/support/index.ts';
import { type Contender, alternate, isInstalled, median, printBar, printGoal } from '../measure.ts';
import { makeBenchRig } from './rig.ts';

const rounds = 5;
const goalBytes = 64 * 1024;

await using bench = await makeBenchRig();
const { rig } = bench;
const folder = rig.repositoryFolder('large/repository');
const repository = await makeLarge(folder, { files: 11_000, bytes: 113_000_000, seed: chooseSeed() });
await git(['gc', '--quiet'], { folder });
await rig.write({ 'default.cab': '<github:large/repository>' });
await rig.succeed('build', '--no-link');

let changes = 0;
const bytes: number[] = [];
const cab = bench.cab(
  'cab build --update, to tree in store',
  ['build', '--update', '--no-link'],
  async () => {
    if (changes > 0) bytes.push(rig.server.bytes);
    rig.server.reset();
    const file = `part-3/section-5/changed-${++changes % 3}.txt`;
    await repository.write(new Map([[file, `change ${changes}\n`]])).commit(`Change ${changes}`);
  },
);
const nix: Contender = {
  name: 'nix fetchGit',
  program: 'nix-instantiate',
  args: [
    '--eval',
    '--expr',
    `(builtins.fetchGit { url = "${rig.server.url}/large/repository"; ref = "main"; }).outPath`,
  ],
  folder: rig.folder,
  environment: {
    ...bench.nixEnvironment(path.join(rig.folder, 'nix')),
    NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstitute = false\ntarball-ttl = 0',
    XDG_CACHE_HOME: path.join(rig.folder, 'nix-cache'),
  },
  prepare: () => {
    bytes.push(rig.server.bytes);
    rig.server.reset();
  },
};
const hasNix = isInstalled('nix-instantiate');
const timings = await alternate(hasNix ? [cab, nix] : [cab], rounds);
printBar('update of 11,000 files, 113 MB, after a one-file commit', timings, { wallMs: 0.1 });
const own = hasNix ? bytes.filter((_, index) => index % 2 === 0) : bytes;
printGoal('bytes of all bodies, median', median(own), goalBytes);
if (!hasNix) console.log('  nix is not installed: Debian has it in the package nix-bin');
