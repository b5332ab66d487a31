/**
 * A build alone, and the same build beside the collection of 100,000 dead blobs. `--rounds=N`, `--blobs=N` and `--steps=N` change
 * how much is done.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { hashPartOf, storePath } from '../../src/foundation/index.ts';
import { type FileNode, Store, encodeDirectory } from '../../src/store/index.ts';
import { type CabRig, cabCommand, makeCabRig } from '../../tests/support/index.ts';
import { type Run, printBar, time } from '../measure.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    blobs: { type: 'string', default: '100000' },
    steps: { type: 'string', default: '60' },
  },
});
const [rounds, blobs, steps] = [values.rounds, values.blobs, values.steps].map(Number) as [
  number,
  number,
  number,
];
/** How many blobs one dead output holds. */
const blobsEach = 500;

const system = process.arch === 'arm64' ? 'aarch64-linux' : 'x86_64-linux';

const rig = await makeCabRig();
try {
  const alone: Run[] = [];
  const beside: Run[] = [];
  await build(rig, 'warm-up');
  fill(rig.store);
  for (let round = 0; round < rounds; round++) {
    alone.push(await build(rig, `alone-${round}`));
    // It goes on where the one before was killed, so that each build has one beside it from its beginning to its end.
    const collection = startCollection(rig);
    await collection.begun;
    beside.push(await build(rig, `beside-${round}`));
    if (collection.child.exitCode !== null) throw new Error('the collection ended before the build');
    collection.child.kill('SIGKILL');
    await collection.ended;
  }
  printBar(
    `a build beside the collection of ${blobs} dead blobs, against the build alone`,
    [
      { name: 'cab build beside cab store gc', runs: beside },
      { name: 'cab build', runs: alone },
    ],
    { wallMs: 1.1 },
  );
  await timeWholeCollection(rig);
} finally {
  await rig.dispose();
}

/** Says how long it takes to collect what is left while one build follows the other. */
async function timeWholeCollection(builder: CabRig): Promise<void> {
  const startedMs = performance.now();
  const { child } = startCollection(builder, '--json');
  const printed = text(child.stdout as Readable);
  let builds = 0;
  while (child.exitCode === null) await build(builder, `whole-${builds++}`);
  const seconds = (performance.now() - startedMs) / 1000;
  const { removed } = JSON.parse(await printed) as { readonly removed: { readonly blobs: number } };
  console.log(`  ${removed.blobs} blobs were collected beside ${builds} builds in ${seconds.toFixed(0)} s`);
}

/** Steps that compute a little and leave some files, and one that reads of each. The seed makes them new ones. */
function project(seed: string): string {
  const script = `mkdir $out; i=0
while [ $i -lt 40 ]; do i=$((i+1)); echo $seed $name $i > $out/$i; done
while [ $i -lt 40000 ]; do i=$((i+1)); done`;
  const names = Array.from({ length: steps }, (_, index) => `step${index}`);
  return `let
  packages = import <cab:packages> { system = "${system}", },
  step = name => packages.run {
    name,
    environment = { seed = "${seed}", name, },
    script = ${JSON.stringify(script)},
  },
in packages.run {
  name = "all",
  environment = { ${names.map((name) => `${name} = step "${name}",`).join(' ')} },
  script = "cat ${names.map((name) => `$${name}/1`).join(' ')} > $out",
}
`;
}

async function build(builder: CabRig, seed: string): Promise<Run> {
  await builder.write({ 'default.cab': project(seed) });
  // What was written before is not to be written to disk at the build's expense.
  spawnSync('sync');
  return await time({
    name: 'cab build',
    program: cabCommand,
    args: ['build', '--no-link'],
    folder: builder.project,
    environment: environmentOf(builder),
  });
}

interface RunningCollection {
  readonly child: ChildProcess;
  /** When it says what it is about to remove. */
  readonly begun: Promise<unknown>;
  readonly ended: Promise<unknown>;
}

function startCollection(builder: CabRig, ...options: string[]): RunningCollection {
  const child = spawn(cabCommand, ['store', 'gc', ...options], {
    cwd: builder.project,
    env: environmentOf(builder),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  return {
    child,
    begun: options.length > 0 ? ended : once(createInterface({ input: child.stdout }), 'line'),
    ended,
  };
}

function environmentOf(builder: CabRig): Record<string, string> {
  const { home, store, configurationFile } = builder;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CAB_STORE: store,
    CAB_CONFIG: configurationFile,
  };
}

/** Puts blobs of outputs that nothing keeps into the store. */
function fill(folder: string): void {
  const store = Store.open(folder);
  for (let first = 0; first < blobs; first += blobsEach) {
    const files: FileNode[] = [];
    for (let index = first; index < Math.min(first + blobsEach, blobs); index++) {
      const content = Buffer.from(`dead ${index}\n`.repeat(50));
      files.push({ name: `${index}`, ...store.blobs.put(content), executable: false });
    }
    const { digest } = store.putTree(encodeDirectory({ files, directories: [], symlinks: [] }));
    const size = files.reduce((sum, file) => sum + file.size, 0);
    store.commit({
      outputs: [{ path: storePath(hashPartOf(digest), 'dead'), tree: digest, size, references: [] }],
    });
  }
  store.close();
}
