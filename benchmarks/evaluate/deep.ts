/** The sum to 1,000,000 by plain recursion, which Nix does only with its stack unlimited. */
import { alternate, isInstalled, median, printBar, printGoal } from '../measure.ts';
import { assertSameValue, wanted, withDeepStack, withEvaluateBench } from './rig.ts';

const { rounds } = wanted(7);

await withEvaluateBench(async (bench) => {
  const [ours, nix] = bench.contenders('sum-of-a-million');
  const peer = withDeepStack(nix);
  const contenders = isInstalled('nix-instantiate') ? [ours, peer] : [ours];
  if (contenders.length > 1) assertSameValue(ours, peer);
  const timings = await alternate(contenders, rounds);
  printBar('sum to 1,000,000 by recursion, whole process', timings, {});
  const wallMs = median((timings[0]?.runs ?? []).map((run) => run.wallMs));
  printGoal('wall', wallMs, 1000, (value) => `${value.toFixed(0)} ms`);
});
