/** Islands that have not moved, asked again on a realizer: their programs end at their first claim, which is known. How many a second. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRepository, startGitServer } from '../../tests/support/index.ts';
import { alternate, median, printBar, time } from '../measure.ts';
import { ReplayServer } from '../fetch/replay.ts';
import { quick } from './quick.ts';
import { makeRealizerBench } from './rig.ts';

const rounds = quick ? 1 : 3;
const count = quick ? 500 : 10_000;

await using bench = await makeRealizerBench();
const repositories = path.join(bench.folder, 'forge');
mkdirSync(repositories);
const repository = await makeRepository(path.join(repositories, 'owner/one.git'));
await repository.write(new Map([['file', 'one\n']])).commit('One file');
const forge = await startGitServer({ repositories });
// One repository under many names: each is an origin of its own for Cab, and costs its server nothing.
await using replay = await ReplayServer.start(forge.url, (url) => url.replace(/^\/owner\/\d+/, '/owner/one'));
const server = await bench.startCab('[network]\nallow = ["127.0.0.0/8"]');

const packages = '(import <cab:packages> { system = "x86_64-linux", })';
const islands = Array.from(
  { length: count },
  (_, index) => `\\(<git:http://127.0.0.1:${replay.port}/owner/${index}.git>)`,
);
const build = bench.client(server, ['build', '--no-link'], (folder) =>
  writeFileSync(path.join(folder, 'default.cab'), `${packages}.writeText "paths" "${islands.join(' ')}"\n`),
);
await build.prepare?.();
const { wallMs } = await time(build);
console.log(`\n${count} islands fetched by the realizer at first: ${wallMs.toFixed(0)} ms`);
const update = bench.client(server, ['update'], () => {});
const timings = await alternate([update], rounds);
printBar(`${count} islands that have not moved, asked again`, timings, {});
const updateMs = median(timings[0]?.runs.map((run) => run.wallMs) ?? []);
console.log(`  ${((count * 1000) / updateMs).toFixed(0)} claims a second`);
await forge.close();
