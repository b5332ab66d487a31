/** Asks a hundred islands on ten distant hosts whether they have moved: none has. */
import { type Run, median, printGoal, time } from '../measure.ts';
import { openDistantHost } from './latency.ts';
import { ReplayServer } from './replay.ts';
import { makeBenchRig } from './rig.ts';

const hostCount = 10;
const repositoryCount = 10;
const latencyMs = 50;
const goalMs = 500;
const rounds = 9;

await using bench = await makeBenchRig();
const { rig } = bench;
for (let index = 0; index < repositoryCount; index++) {
  const repository = await rig.repository(`owner/part-${index}`);
  await repository.write(new Map([['file', `${index}\n`]])).commit('One file');
}
await using replay = await ReplayServer.start(rig.server.url);
await using hosts = new AsyncDisposableStack();
const islands: string[] = [];
for (let host = 0; host < hostCount; host++) {
  const { url } = hosts.use(await openDistantHost(`127.0.0.${host + 2}`, replay.port, latencyMs));
  for (let index = 0; index < repositoryCount; index++) islands.push(`<git:${url}/owner/part-${index}.git>`);
}
const paths = islands.map((island) => `\\(${island})`).join('\\n');
await rig.write({
  'default.cab': `(import <cab:packages> { system = "x86_64-linux", }).writeText "paths" "${paths}"`,
});
await rig.succeed('build', '--no-link');

const update = bench.cab('cab update', ['update']);
const runs: Run[] = [];
for (let round = 0; round <= rounds; round++) {
  const run = await time(update);
  if (round > 0) runs.push(run);
}
console.log(`\nupdate of ${islands.length} unmoved islands on ${hostCount} hosts, ${latencyMs} ms each way`);
const wall = runs.map(({ wallMs }) => wallMs);
console.log(`  ${Math.min(...wall).toFixed(0)} to ${Math.max(...wall).toFixed(0)} ms, ${rounds} runs`);
printGoal('median ms', median(wall), goalMs, (value) => value.toFixed(0));
