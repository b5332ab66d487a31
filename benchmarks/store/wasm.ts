/** Trivial WebAssembly derivations: how many a second, by whole processes and without their start. */
import { alternate, median, printBar } from '../measure.ts';
import { printRate, withSteps } from './steps.ts';

const rounds = 7;
const count = 1000;

await withSteps(async (bench) => {
  const all = bench.cabSteps('cab build, empty store', ['build', '--no-link'], 'groups', count, () =>
    bench.remove('cab-store'),
  );
  const start = bench.cab('cab eval, nothing', ['eval', '--expression', '1']);
  const timings = await alternate([all, start], rounds);
  printBar(`${count} trivial WebAssembly derivations`, timings, {});
  const [allMs = Number.NaN, startMs = Number.NaN] = timings.map(({ runs }) =>
    median(runs.map(({ wallMs }) => wallMs)),
  );
  // Each group is one more, and so is what is below all of them.
  const derivations = count + count / 100 + 1;
  printRate('with the start', (derivations * 1000) / allMs, 500);
  printRate('without it', (derivations * 1000) / (allMs - startMs), 500);
});
