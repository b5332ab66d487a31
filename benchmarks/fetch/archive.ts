/** Fetches a large archive into an empty store, against curl with tar, and against nix where it is installed. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { chooseSeed, git, makeLarge, removeFolder } from '../../tests/support/index.ts';
import { type Contender, alternate, isInstalled, printBar } from '../measure.ts';
import { emptyStore, makeBenchRig } from './rig.ts';

const rounds = 5;

await using bench = await makeBenchRig();
const { rig, environment } = bench;
const repository = path.join(rig.folder, 'large.git');
await makeLarge(repository, { files: 23_000, bytes: 160_000_000, seed: chooseSeed(), pool: 2 ** 15 });
const file = path.join(rig.folder, 'forge', 'files', 'large.tar.gz');
mkdirSync(path.dirname(file), { recursive: true });
await git(['archive', '--format=tar.gz', '--prefix=large/', `--output=${file}`, 'main'], {
  folder: repository,
});
await removeFolder(repository);
const url = `${rig.server.url}/files/large.tar.gz`;
await rig.write({ 'default.cab': `<${url}>` });

const cab = bench.cab('cab build, empty store, new lock', ['build', '--no-link'], emptyStore(rig));
const unpacked = path.join(rig.folder, 'unpacked');
const tar: Contender = {
  name: 'curl | tar xz',
  program: 'bash',
  args: ['-c', `set -o pipefail; curl --silent --fail ${url} | tar -xz -C ${unpacked}`],
  folder: rig.folder,
  environment,
  prepare: async () => {
    await removeFolder(unpacked);
    mkdirSync(unpacked);
  },
};
const megabytes = (statSync(file).size / 1e6).toFixed(0);
const title = `fetch of 23,000 files, ${megabytes} MB of tar.gz`;
printBar(`${title}, to curl and tar`, await alternate([cab, tar], rounds), { processorMs: 1, wallMs: 1 });

if (isInstalled('nix-prefetch-url')) {
  const nix = path.join(rig.folder, 'nix');
  const contender: Contender = {
    name: 'nix-prefetch-url --unpack',
    program: 'nix-prefetch-url',
    args: ['--unpack', url],
    folder: rig.folder,
    environment: bench.nixEnvironment(nix),
    prepare: () => removeFolder(nix),
  };
  printBar(`${title}, to nix`, await alternate([cab, contender], 3), { processorMs: 0.3, wallMs: 0.3 });
} else {
  console.log('\nnix is not installed: Debian has it in the package nix-bin');
}
