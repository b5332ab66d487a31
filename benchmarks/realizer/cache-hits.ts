/** Two hundred clients at once that ask for results which are there: how long the slowest in a hundred wait, to buildbox's server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median, printGoal } from '../measure.ts';
import { type BenchServer, makeRealizerBench } from './rig.ts';

const rounds = 5;
const clients = 200;
const callsEach = 20;
const goalMs = 50;

interface Latencies {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly aSecond: number;
}

await using bench = await makeRealizerBench();
const servers = [await bench.startCab('[realizer]\nhost-tools = true'), await bench.startCasd()].filter(
  (server) => server !== undefined,
);
const runs = new Map<BenchServer, Latencies[]>(servers.map((server) => [server, []]));
for (let round = 0; round <= rounds; round++) {
  for (const server of servers) {
    const latencies = await hit(server);
    if (round > 0) runs.get(server)?.push(latencies);
  }
}

console.log(`\n${clients} clients at once, ${callsEach} results each that are there`);
for (const [{ name }, all] of runs) {
  const [medianMs, p99Ms, aSecond] = (['medianMs', 'p99Ms', 'aSecond'] as const).map((key) =>
    median(all.map((one) => one[key])),
  ) as [number, number, number];
  const figures = `median ${medianMs.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   ${aSecond.toFixed(0)} a second`;
  console.log(`  ${name.padEnd(38)} ${figures}`);
}
const own = runs.get(servers[0] as BenchServer) ?? [];
printGoal('p99', median(own.map(({ p99Ms }) => p99Ms)), goalMs, (value) => `${value.toFixed(1)} ms`);

async function hit(server: BenchServer): Promise<Latencies> {
  const { program, args, folder, environment } = bench.load(server, 'hit-cache', [clients, callsEach]);
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder, env: { ...environment } });
  return JSON.parse(stdout) as Latencies;
}
