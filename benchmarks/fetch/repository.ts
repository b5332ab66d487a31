/** Fetches a large repository into an empty store, against `git clone --depth 1` with its checkout. */
import path from 'node:path';
import { chooseSeed, git, makeLarge, removeFolder } from '../../tests/support/index.ts';
import { alternate, printBar } from '../measure.ts';
import { emptyStore, makeBenchRig } from './rig.ts';

const rounds = 5;

await using bench = await makeBenchRig();
const { rig, environment } = bench;
const folder = rig.repositoryFolder('large/repository');
await makeLarge(folder, { files: 23_000, bytes: 160_000_000, seed: chooseSeed() });
// As a forge keeps it: one pack.
await git(['gc', '--quiet'], { folder });
await rig.write({ 'default.cab': '<github:large/repository>' });
const clone = path.join(rig.folder, 'clone');
const timings = await alternate(
  [
    bench.cab('cab build, empty store, new lock', ['build', '--no-link'], emptyStore(rig)),
    {
      name: 'git clone --depth 1, with checkout',
      program: 'git',
      args: ['clone', '--quiet', '--depth', '1', `${rig.server.url}/large/repository`, clone],
      folder: rig.folder,
      environment,
      prepare: () => removeFolder(clone),
    },
  ],
  rounds,
);
printBar('fetch of 23,000 files, 160 MB, by git', timings, { processorMs: 0.75, wallMs: 1 });
