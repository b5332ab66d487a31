/** How fast source is parsed, its lossless tree and typed view and all, in processor time: in a new process, and in one that has parsed before. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chooseSeed } from '../../tests/support/index.ts';
import { median, printGoal } from '../measure.ts';
import type { Round } from './parse-rounds.ts';
import { wanted } from './rig.ts';

interface Measured {
  readonly name: string;
  readonly bytes: number;
  readonly rounds: readonly Round[];
}

const { rounds: processes } = wanted(5);
const rounds = 20;
const bytes = 1_900_000;
const seed = chooseSeed();
const script = fileURLToPath(new URL('parse-rounds.ts', import.meta.url));
// The heap that the launcher of the command asks for.
const options = ['--min-semi-space-size=16', '--max-semi-space-size=64'];

console.log(`\nparse of 1.9 MB of source, seed ${seed} (CAB_TEST_SEED)`);
const runs = Array.from({ length: processes }, () => {
  const args = [...options, script, String(seed), String(bytes), String(rounds)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as readonly Measured[];
});
for (const [index, { name, bytes: length }] of (runs[0] ?? []).entries()) {
  const all = runs.map((run) => (run[index] as Measured).rounds);
  const first = all.map((each) => each[0] as Round);
  const warm = all.flatMap((each) => each.slice(rounds / 2));
  const speed = (ms: number): string => `${ms.toFixed(0)} ms (${(length / 1000 / ms).toFixed(1)} MB/s)`;
  const middle = (of: keyof Round): string => `${median(warm.map((round) => round[of])).toFixed(1)} ms`;
  const state = index === 0 ? 'cold' : 'first, with what both need warm';
  console.log(
    `  ${name}: ${state} ${speed(median(first.map((round) => round.parseMs)))}, by the clock ${speed(median(first.map((round) => round.wallMs)))}`,
  );
  console.log(
    `    then the tree as objects ${middle('treeMs')}, encode ${middle('encodeMs')}, decode ${middle('decodeMs')}`,
  );
  printGoal('  warm', median(warm.map((round) => round.parseMs)), length / 1000 / 20, speed);
}
