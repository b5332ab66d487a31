/**
 * One expression that reads a hundred islands, in each of them a file that leads to a second and that to a third, from a server that
 * answers after 20 ms. Beside it the same where each reading waits for the one before, and one island alone.
 */
import { openDistantHost } from '../fetch/latency.ts';
import { ReplayServer } from '../fetch/replay.ts';
import { emptyStore, makeBenchRig } from '../fetch/rig.ts';
import { alternate, median, printBar, printGoal } from '../measure.ts';
import { wanted } from './rig.ts';

const count = 100;
const latencyMs = 10;
/** The part of the time of one after the other that the hundred may take. */
const goal = 0.2;

const { rounds } = wanted(5);

await using bench = await makeBenchRig();
const { rig } = bench;
for (let index = 0; index < count; index++) {
  const repository = await rig.repository(`owner/part-${index}`);
  const files = {
    'default.cab': 'import ./inner/second.cab + 1',
    'inner/second.cab': 'toInteger (readFile ../data/third) * 2',
    'data/third': String(index),
  };
  await repository.write(files).commit('Three files');
}
await using replay = await ReplayServer.start(rig.server.url);
await using host = await openDistantHost('127.0.0.2', replay.port, latencyMs);
const islands = Array.from({ length: count }, (_, index) => `<git:${host.url}/owner/part-${index}.git>,`);
await rig.write({
  'together.cab': `foldLeft (sum => island => sum + import island) 0 [ ${islands.join(' ')} ]`,
  'one-by-one.cab': `all (island => import island > 0) [ ${islands.join(' ')} ]`,
  'alone.cab': `import ${islands[0]?.replace(',', '')}`,
});

const contender = (name: string, file: string) => bench.cab(name, ['eval', file], emptyStore(rig));
const timings = await alternate(
  [
    contender('a hundred islands', 'together.cab'),
    contender('one island', 'alone.cab'),
    contender('a hundred, each behind the one before', 'one-by-one.cab'),
  ],
  rounds,
);
printBar(`${count} islands of three readings, answers after ${2 * latencyMs} ms`, timings, {});
const [together = Number.NaN, , oneByOne = Number.NaN] = timings.map(({ runs }) =>
  median(runs.map(({ wallMs }) => wallMs)),
);
printGoal('time of all at once over that of one after the other', together / oneByOne, goal, (value) =>
  value.toFixed(2),
);
