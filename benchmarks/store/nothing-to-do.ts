/** A build with nothing to do over ten thousand derivations, against nix over five hundred: twenty times that would be as many. */
import { alternate, hasNix, median, printBar, printGoal, time } from '../measure.ts';
import { milliseconds, withSteps } from './steps.ts';

const rounds = 7;
const count = 10_000;
const nixCount = 500;

await withSteps(async (bench) => {
  const cab = bench.cabSteps(`cab build, ${count}`, ['build', '--no-link'], 'groups', count);
  const nix = bench.nixSteps(`nix-build, ${nixCount}`, ['nix-build', '--no-out-link'], 'groups', nixCount);
  const contenders = hasNix() ? [cab, nix] : [cab];
  for (const contender of contenders) await time(contender);
  const timings = await alternate(contenders, rounds);
  printBar('a build with nothing to do', timings, {});
  const [cabMs = Number.NaN, nixMs] = timings.map(({ runs }) => median(runs.map(({ wallMs }) => wallMs)));
  printGoal('wall', cabMs, 500, milliseconds);
  if (nixMs !== undefined)
    printGoal('to nix, scaled', cabMs / ((nixMs * count) / nixCount), 1, (value) => value.toFixed(3));
});
