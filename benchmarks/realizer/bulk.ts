/** A gigabyte in blobs of a megabyte, and twenty thousand small files, to a server and back by buildbox's tools, to buildbox's server. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomFrom, removeFolder } from '../../tests/support/index.ts';
import { findForky, installForky } from '../../tests/interoperability/support/installations.ts';
import { type Contender, median, printBar, type Run, time, type Timing } from '../measure.ts';
import { quick } from './quick.ts';
import { type BenchServer, makeRealizerBench } from './rig.ts';

const rounds = quick ? 1 : 5;
const seed = 1;
const megabyte = 1_000_000;

interface Load {
  readonly name: string;
  readonly files: number;
  /** The largest size of a file, and the smallest, in bytes. */
  readonly sizes: readonly [smallest: number, largest: number];
}

const loads: readonly Load[] = [
  { name: 'large', files: quick ? 256 : 1024, sizes: [1 << 20, 1 << 20] },
  { name: 'small', files: quick ? 4000 : 20_000, sizes: [100, 8000] },
];

await using bench = await makeRealizerBench();
const forky = findForky('casupload');
if (forky === undefined) console.log(`\ncasupload is not installed: ${installForky} gets it`);
else for (const load of loads) await measure(load);

async function measure(load: Load): Promise<void> {
  const bytes = writeFiles(load);
  const runs = { up: new Map<string, Run[]>(), down: new Map<string, Run[]>() };
  for (let round = 0; round <= rounds; round++) {
    for (const start of [() => bench.startCab(), () => bench.startCasd()]) {
      const server = await start();
      if (server === undefined) continue;
      const up = await time(upload(server, load));
      const down = await time(await download(server));
      await server.stop();
      if (round === 0) continue;
      runs.up.set(server.name, [...(runs.up.get(server.name) ?? []), up]);
      runs.down.set(server.name, [...(runs.down.get(server.name) ?? []), down]);
    }
  }
  const what = `${load.files} files, ${Math.round(bytes / megabyte)} MB`;
  print(`casupload of ${what}, both sides, to buildbox-casd`, runs.up, bytes);
  print(`casdownload of ${what}, both sides, to buildbox-casd`, runs.down, bytes);
  await removeFolder(path.join(bench.folder, load.name));
}

function writeFiles({ name, files, sizes: [smallest, largest] }: Load): number {
  const random = randomFrom(seed);
  let total = 0;
  for (let index = 0; index < files; index++) {
    const folder = path.join(bench.folder, name, `part-${index % 100}`);
    mkdirSync(folder, { recursive: true });
    const bytes = Buffer.alloc(smallest + Math.floor(random() * (largest - smallest)));
    for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(random() * 2 ** 32, at);
    writeFileSync(path.join(folder, `file-${index}`), bytes);
    total += bytes.length;
  }
  return total;
}

function upload(server: BenchServer, { name }: Load): Contender {
  const digest = `--output-digest-file=${path.join(bench.folder, 'digest')}`;
  return tool(server, ['casupload', `--remote=http://${server.address}`, digest, name]);
}

/** Into a folder that is new each time, and cleared away outside of the time that is measured. */
async function download(server: BenchServer): Promise<Contender> {
  const target = path.join(bench.folder, 'back');
  await removeFolder(target);
  mkdirSync(target);
  const digest = readFileSync(path.join(bench.folder, 'digest'), 'utf8');
  const words = [
    `--remote=http://${server.address}`,
    `--destination-dir=${target}`,
    `--root-digest=${digest}`,
  ];
  return tool(server, ['casdownload', ...words]);
}

function tool(server: BenchServer, words: readonly string[]): Contender {
  const [program = '', ...args] = forky?.command(bench.folder, words) ?? [];
  const environment = { PATH: '/usr/bin:/bin', HOME: bench.folder };
  return {
    name: server.name,
    program,
    args,
    folder: bench.folder,
    environment,
    othersMs: server.processorMs,
  };
}

function print(title: string, runs: ReadonlyMap<string, readonly Run[]>, bytes: number): void {
  const timings = [...runs].map(([name, own]): Timing => ({ name, runs: own }));
  printBar(title, timings, { wallMs: 1, processorMs: 1 });
  for (const { name, runs: own } of timings) {
    const rate = (measure: keyof Run): string =>
      (bytes / megabyte / (median(own.map((run) => run[measure])) / 1000)).toFixed(0);
    console.log(
      `  ${name}: ${rate('wallMs')} MB/s, ${rate('processorMs')} MB for each second of a processor`,
    );
  }
}
