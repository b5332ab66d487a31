/** Derivations in the sandbox that do not depend on each other: a hundred against nix, and four thousand against the hundred. */
import { alternate, hasNix, median, printBar, printGoal, time } from '../measure.ts';
import { withSteps } from './steps.ts';

const rounds = 7;
const few = 100;
const many = 4000;

await withSteps(async (bench) => {
  const empty = (): Promise<void> => bench.remove('cab-store');
  const words = ['build', '--no-link'];
  const cab = bench.cabSteps('cab build, empty store', words, 'independent', few, empty);
  const nix = bench.nixSteps(
    'nix-build, sandboxed, empty store',
    ['nix-build', '--no-out-link'],
    'independent',
    few,
    () => bench.remove('nix'),
  );
  const timings = await alternate(hasNix() ? [cab, nix] : [cab], rounds);
  printBar(`${few} independent derivations in the sandbox, to nix`, timings, { wallMs: 0.6 });

  const all = bench.cabSteps(`cab build, ${many}`, words, 'independent', many, empty);
  await empty();
  const { wallMs } = await time(all);
  const fewMs = median(timings[0]?.runs.map((run) => run.wallMs) ?? []);
  console.log(`  ${all.name} ${wallMs.toFixed(0)} ms`);
  printGoal(`${many} to ${few}`, wallMs / fewMs, 44, (value) => value.toFixed(1));
});
