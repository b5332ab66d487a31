/** Trivial actions in parallel: WebAssembly and the sandbox of a Cab realizer, to those of buildbox's server. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { alternate, type Contender, median, printBar, type Timing } from '../measure.ts';
import { makeRealizerBench } from './rig.ts';
import { quick } from './quick.ts';

const rounds = quick ? 1 : 3;
const count = quick ? 200 : 2000;

await using bench = await makeRealizerBench();
const cab = await bench.startCab('[realizer]\nhost-tools = true');
const casd = await bench.startCasd();
const peers = casd === undefined ? [] : [bench.load(casd, 'run-actions', [count])];

const sandboxed = await alternate([bench.load(cab, 'run-actions', [count]), ...peers], rounds);
printBar(`${count} actions of the shell in parallel, to buildbox-casd`, sandboxed, {});
printRates(sandboxed);

const webAssembly = await alternate([buildGroups(), ...peers], rounds);
printBar(`${count} WebAssembly derivations by a client of Cab, to actions on buildbox-casd`, webAssembly, {});
printRates(webAssembly);

/** Has the realizer make texts by a program; each run other ones, with a client that knows of none. */
function buildGroups(): Contender {
  let round = 0;
  return bench.client(cab, ['build', '--no-link'], (folder) =>
    writeFileSync(path.join(folder, 'default.cab'), groups(round++)),
  );
}

/** Groups of a hundred texts each, and one below all of them. */
function groups(round: number): string {
  return `let
  make = name => content => derivation {
    name,
    builder                  = <cab:programs>/text.wasm,
    arguments                = [ "write", "0", ],
    environment              = { text = content, },
    requiredRealizerFeatures = [ "wasm", ],
  },
  step = number => make "step-\\(toString number)" "\\(toString number) of ${round}\\n",
  textOf = make => numbers => join "\\n" (map (number => "\\(make number)") numbers),
  group = number => make "group-\\(toString number)" (textOf step (range (100 * number + 1) (100 * number + 100))),
in make "all" (textOf group (range 1 ${count / 100}))
`;
}

function printRates(timings: readonly Timing[]): void {
  for (const { name, runs } of timings) {
    const wallMs = median(runs.map((run) => run.wallMs));
    console.log(`  ${name}: ${((count * 1000) / wallMs).toFixed(0)} a second`);
  }
}
