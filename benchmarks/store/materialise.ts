/** Puts a tree of the store on disk as links to its blobs, as a build does whose result is in the store, against `cp -r`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startGitServer } from '../../tests/support/index.ts';
import { alternate, printBar, time } from '../measure.ts';
import { onEachDisk } from './rig.ts';

const rounds = 9;

await onEachDisk(async (bench) => {
  const tree = await bench.makeTree();
  const served = path.join(bench.folder, 'served');
  await mkdir(path.join(served, 'files'), { recursive: true });
  execFileSync('tar', ['-cf', path.join(served, 'files', 'tree.tar'), '-C', bench.folder, 'tree']);
  const server = await startGitServer({ repositories: served });
  try {
    writeFileSync(path.join(bench.folder, 'default.cab'), `<${server.url}/files/tree.tar>`);
    await time(bench.cab('cab build', ['build', '--no-link']));
    const remove = (): Promise<void> => bench.remove('cab-store/store');
    const cab = bench.cab('cab build, fetched before, to a folder', ['build'], async () => {
      await remove();
      await mkdir(path.join(bench.store, 'store'));
    });
    const nothing = bench.cab('cab build, nothing to do', ['build']);
    const [ours, copy, idle] = await alternate([cab, bench.copy(tree), nothing], rounds);
    if (ours === undefined || copy === undefined || idle === undefined) return;
    printBar(`links to 11,000 files on disk, on ${bench.disk}, to cp`, [ours, copy, idle], { wallMs: 0.6 });
  } finally {
    await server.close();
  }
});
