/** Takes a tree in that was taken in before and has not changed since, against `git status` of the same. */
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { alternate, printBar, time } from '../measure.ts';
import { onEachDisk } from './rig.ts';

const rounds = 15;
/** After that a file counts as settled, for git as for Cab. */
const settledMs = 2500;

await onEachDisk(async (bench) => {
  const tree = await bench.makeTree();
  const git = (...args: string[]): unknown =>
    execFileSync(
      'git',
      ['-c', 'gc.auto=0', '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args],
      {
        cwd: tree,
      },
    );
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  await setTimeout(settledMs);
  const cab = bench.cab('cab store add, nothing changed', ['store', 'add', tree]);
  const status = bench.other('git status', 'git', ['status', '--porcelain'], tree);
  const first = await time(cab);
  await time(status);
  console.log(`\nthe first time took ${first.wallMs.toFixed(0)} ms`);
  const title = `add the same 11,000 files again, on ${bench.disk}, to git`;
  printBar(title, await alternate([cab, status], rounds), { wallMs: 2 });
});
