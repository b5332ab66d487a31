/**
 * Programs in Cab and the same in Nix. `node benchmarks/evaluate/programs.ts` measures all of them, and with names only those:
 * `node benchmarks/evaluate/programs.ts --rounds=3 fib sort`.
 */
import { type Run, type Timing, alternate, hasNix, median, printBar } from '../measure.ts';
import { assertSameValue, wanted, withDeepStack, withEvaluateBench } from './rig.ts';

/** How many times as long as Cab's Nix's evaluation is to take, start-up left out on both sides; and what that is of. */
const programs = {
  fib: { goal: 10, title: 'fib of 27' },
  'mutual-recursion': { goal: undefined, title: 'functions that call each other' },
  'map-filter-fold': { goal: 4, title: 'five times map, filter and fold of 200,000 elements' },
  fold: { goal: 2.5, title: 'fold of 1,000,000 elements' },
  sort: { goal: 2.5, title: 'sort of 100,000 elements with a comparator' },
  queens: { goal: 2.5, title: 'all solutions of nine queens' },
  sum: { goal: 2, title: 'sum to 100,000 by recursion' },
  strings: { goal: 3, title: '100,000 texts with context' },
  attributes: { goal: undefined, title: '200,000 times seven attributes looked up' },
  'packages-20000': { goal: 1.2, title: 'fixpoint of 20,000 packages with overrides' },
  'packages-2000': { goal: 0.8, title: 'fixpoint of 2,000 packages with overrides' },
  modules: { goal: 0.6, title: 'merge of 400 modules' },
  source: { goal: 0.8, title: '1.9 MB of source run once' },
} as const;

type Name = keyof typeof programs;

const { rounds, names } = wanted(7);
const chosen = (Object.keys(programs) as Name[]).filter((name) => names.length === 0 || names.includes(name));

await withEvaluateBench(async (bench) => {
  if (!hasNix()) return;
  for (const name of chosen) {
    const [ours, peer, ...starts] = bench.contenders(name);
    // Nix recurses no deeper than the system's stack allows, which is mostly too little for this one.
    const contenders = [ours, name === 'sum' ? withDeepStack(peer) : peer, ...starts];
    assertSameValue(ours, contenders[1] ?? peer);
    const timings = await alternate(contenders, rounds);
    const { title, goal } = programs[name];
    printBar(`${name}: ${title}`, timings, {});
    printInside(timings, goal);
  }
});

/** Nix's time over ours, pair by pair, without the start-up that is usual on either side. */
function printInside(timings: readonly Timing[], goal: number | undefined): void {
  const [ours = [], peer = [], ourStart = [], peerStart = []] = timings.map(({ runs }) => runs);
  const inside = (measure: keyof Run): readonly number[] => {
    const [ourStartMs, peerStartMs] = [ourStart, peerStart].map((runs) =>
      median(runs.map((run) => run[measure])),
    ) as [number, number];
    return ours.map((run, index) => {
      const peerMs = (peer[index]?.[measure] ?? Number.NaN) - peerStartMs;
      return peerMs / Math.max(1, run[measure] - ourStartMs);
    });
  };
  const whole = median(ours.map((run, index) => (peer[index]?.wallMs ?? Number.NaN) / run.wallMs));
  const ratio = median(inside('wallMs'));
  console.log(
    `  Nix's time over ours: whole process ${whole.toFixed(2)}, processor inside ${median(inside('processorMs')).toFixed(2)}`,
  );
  const verdict =
    goal === undefined ? '' : `, goal at least ${goal}: ${ratio >= goal ? 'reached' : 'not reached'}`;
  console.log(`  Nix's time over ours, inside ${ratio.toFixed(2)}${verdict}`);
}
