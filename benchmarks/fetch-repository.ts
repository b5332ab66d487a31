/** Fetches a large repository into an empty store, against `git clone --depth 1` with its checkout. */
import path from 'node:path';
import { chooseSeed, cabCommand, git, makeCabRig, makeLarge, removeFolder } from '../tests/support/index.ts';
import { alternate, printBar } from './measure.ts';

const rounds = 5;

const rig = await makeCabRig();
try {
  const seed = chooseSeed();
  const folder = rig.repositoryFolder('large/repository');
  await makeLarge(folder, { files: 11_000, bytes: 113_000_000, seed });
  // As a forge keeps it: one pack.
  await git(['gc', '--quiet'], { folder });
  await rig.write({ 'default.cab': '<github:large/repository>' });
  const clone = path.join(rig.folder, 'clone');
  const environment = { PATH: process.env['PATH'] ?? '', HOME: rig.home };
  const timings = await alternate(
    [
      {
        name: 'cab build, empty store, new lock',
        program: cabCommand,
        args: ['build', '--no-link'],
        folder: rig.project,
        environment: { ...environment, CAB_STORE: rig.store, CAB_CONFIG: rig.configurationFile },
        prepare: async () => {
          await removeFolder(rig.store);
          await removeFolder(path.join(rig.project, 'cab.lock'));
        },
      },
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
  printBar('fetch of 11,000 files, 113 MB, by git', timings, 1.2);
} finally {
  await rig.dispose();
}
