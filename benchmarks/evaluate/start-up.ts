/** The expression `1` evaluated: all of it is start-up. Beside them Node alone, with a script that does nothing. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Contender, alternate, hasNix, printBar } from '../measure.ts';
import { wanted, withEvaluateBench } from './rig.ts';

const { rounds } = wanted(21);

await withEvaluateBench(async (bench) => {
  const ours = bench.cab('cab eval --expression 1', '--expression', '1');
  const peer = bench.nix('nix-instantiate --eval -E 1', '-E', '1');
  const script = path.join(bench.folder, 'empty.cjs');
  writeFileSync(script, '');
  const node: Contender = {
    ...ours,
    name: 'node, an empty script',
    program: process.execPath,
    args: [script],
  };
  const timings = await alternate(hasNix() ? [ours, peer, node] : [ours, node], rounds);
  printBar('The expression 1, whole process', timings, { wallMs: 2 });
});
