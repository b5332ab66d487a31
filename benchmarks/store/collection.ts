/**
 * A build alone, and the same build beside the collection of 100,000 dead blobs. `--rounds=N`, `--blobs=N` and `--steps=N` change
 * how much is done.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { hashPartOf, storePath } from '../../src/foundation/index.ts';
import { type FileNode, Store, encodeDirectory } from '../../src/store/index.ts';
import { type CabRig, cabCommand, makeCabRig } from '../../tests/support/index.ts';
import { type Run, median, printBar, time } from '../measure.ts';

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
  const collectionMs: number[] = [];
  await build(rig, 'warm-up');
  for (let round = 0; round < rounds; round++) {
    fill(rig.store, `${round}`);
    alone.push(await build(rig, `alone-${round}`));
    const collection = startCollection(rig);
    await collection.begun;
    beside.push(await build(rig, `beside-${round}`));
    collectionMs.push(await collection.ended);
  }
  printBar(
    `a build beside the collection of ${blobs} dead blobs, against the build alone`,
    [
      { name: 'cab build beside cab store gc', runs: beside },
      { name: 'cab build', runs: alone },
    ],
    { wallMs: 1.1 },
  );
  const seconds = collectionMs.map((each) => (each / 1000).toFixed(1)).join(', ');
  console.log(`  the collection took ${(median(collectionMs) / 1000).toFixed(1)} s (${seconds}) in all`);
} finally {
  await rig.dispose();
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

/** `begun` when it says what it is about to remove, `ended` with how long that took, in milliseconds. */
function startCollection(builder: CabRig): {
  readonly begun: Promise<unknown>;
  readonly ended: Promise<number>;
} {
  const startedMs = performance.now();
  const child = spawn(cabCommand, ['store', 'gc'], {
    cwd: builder.project,
    env: environmentOf(builder),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`cab store gc ended with ${String(code)}`);
    return performance.now() - startedMs;
  });
  return { begun: once(createInterface({ input: child.stdout }), 'line'), ended };
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
function fill(folder: string, seed: string): void {
  const store = Store.open(folder);
  for (let first = 0; first < blobs; first += blobsEach) {
    const files: FileNode[] = [];
    for (let index = first; index < Math.min(first + blobsEach, blobs); index++) {
      const content = Buffer.from(`${seed} ${index}\n`.repeat(50));
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
