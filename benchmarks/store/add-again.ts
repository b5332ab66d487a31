/** Takes trees in that were taken in before and have not changed since, against `git status` of the same. */
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { alternate, printBar, time } from '../measure.ts';
import { type StoreBench, onEachDisk, treeOptions } from './rig.ts';

const rounds = 15;
/** After that a file counts as settled, for git as for Cab. */
const settledMs = 2500;
const largerTree = { files: 50_000, bytes: 200_000_000 };

await onEachDisk(async (bench) => {
  await measure(bench, treeOptions);
  await bench.remove('tree');
  await measure(bench, largerTree);
});

async function measure(bench: StoreBench, options: typeof treeOptions): Promise<void> {
  const tree = await bench.makeTree(options);
  const git = (...args: string[]): void => {
    const settings = ['gc.auto=0', 'user.name=bench', 'user.email=bench@example.org'];
    execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], { cwd: tree });
  };
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  await setTimeout(settledMs);
  const cab = bench.cab('cab store add, nothing changed', ['store', 'add', tree]);
  const status = bench.other('git status', 'git', ['status', '--porcelain'], tree);
  for (const contender of [cab, status]) await time(contender);
  const title = `add the same ${options.files.toLocaleString('en')} files again, on ${bench.disk}, to git`;
  printBar(title, await alternate([cab, status], rounds), { wallMs: 2 });
}
