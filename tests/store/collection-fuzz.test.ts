import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Store } from '../../src/store/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/random.ts';
import { type Child, startChild } from './child.ts';
import { temporaryFolder } from './temporary-store.ts';

/**
 * All processes of the test live by one clock that runs ten thousand times as fast: what was used a moment ago may go at once, and
 * marks wear out within a session.
 */
const fastClock = `
  Date.now = () => Number(args[1]) + Math.floor((performance.timeOrigin + performance.now() - Number(args[1])) * 10_000);
`;

/** Collects over and over until its input ends, and says how often and how much. */
const collector = `
  let [rounds, outputs, kept, blobs, stops] = [0, 0, 0, 0, false];
  process.stdin.once('end', () => { stops = true; }).resume();
  const store = door.Store.open(args[0]);
  console.log('ready');
  while (!stops) {
    rounds++;
    for await (const step of store.collect({ readLock: () => [] })) {
      if (step.kind === 'output-removed') outputs++;
      if (step.kind === 'output-kept') kept++;
      if (step.kind === 'blobs-removed') blobs += step.count;
    }
  }
  store.close();
  console.log(JSON.stringify({ rounds, outputs, kept, blobs }));
`;

/** Verifies over and over until its input ends, and says how often, and what was wrong. */
const verifier = `
  let [rounds, outputs, findings, stops] = [0, 0, [], false];
  process.stdin.once('end', () => { stops = true; }).resume();
  console.log('ready');
  while (!stops) {
    rounds++;
    const store = door.Store.open(args[0]);
    const verification = store.verify();
    for await (const finding of verification) findings.push(finding);
    outputs += verification.counts.outputs;
    store.close();
  }
  console.log(JSON.stringify({ rounds, outputs, findings }));
`;

/**
 * Builds with random contents of a small world that slowly changes, so that much is found there that others have put, and looks again and again whether
 * all that it has made or found in a session is whole.
 */
const builder = `
  import { randomFrom } from ${JSON.stringify(new URL('../support/random.ts', import.meta.url).href)};
  import { digestOf, hashPartOf, storePath } from ${JSON.stringify(new URL('../../src/foundation/index.ts', import.meta.url).href)};
  const fs = await import('node:fs');
  const random = randomFrom(Number(args[2]));
  const below = (limit) => Math.floor(random() * limit);
  const textOf = (number) => 'content ' + number + ' '.repeat(number);
  const counts = { made: 0, found: 0, gone: 0, looks: 0 };

  function file(store, number) {
    const content = Buffer.from(textOf(number));
    const name = 'file' + number;
    if (random() < 0.3) {
      const digest = digestOf(content);
      if (store.blobs.use(digest)) return { name, digest, size: content.length, executable: random() < 0.2 };
    }
    return { name, ...store.blobs.put(content), executable: random() < 0.2 };
  }

  function files(store) {
    const numbers = new Set(Array.from({ length: 1 + below(4) }, () => below(1000)));
    return [...numbers].map((number) => file(store, number));
  }

  /** An output that depends on its key and on those that it refers to by nothing but their paths. */
  function make(store, key, references) {
    const inner = { name: 'inner', ...store.putTree(door.encodeDirectory({ files: files(store), directories: [], symlinks: [] })) };
    const symlinks = references.map((target, index) => ({ name: 'link' + index, target }));
    const { digest } = store.putTree(door.encodeDirectory({ files: files(store), directories: [inner], symlinks }));
    const path = storePath(hashPartOf(digest), 'output');
    const output = { path, tree: digest, size: 1, references: [...new Set(references)].sort() };
    store.commit({
      outputs: [output],
      realisations: [{ derivation: key, output: 'out', path }],
      claims: [{ scope: key, claim: { format: 'test', value: 'v' + below(3) }, path }],
      contents: [{ program: digestOf('program'), id: 'inner:' + key, kind: 'directory', digest: inner.digest, size: inner.size, path }],
    });
    counts.made++;
    return path;
  }

  function assertWhole(store, path) {
    counts.looks++;
    for (const each of store.closure([path])) {
      const walk = (digest) => {
        const { files, directories } = store.getTree(digest);
        for (const { digest, name } of files) {
          if (Buffer.from(store.blobs.read(digest)).toString() !== textOf(Number(name.slice(4)))) throw new Error(name);
        }
        for (const child of directories) walk(child.digest);
      };
      walk(store.get(each).tree);
      if (random() < 0.3 && fs.readdirSync(store.materialise(each)).length === 0) throw new Error(each + ' is empty');
    }
  }

  function session(round) {
    const store = door.Store.open(args[0]);
    const relied = [];
    for (let step = 0; step < 10; step++) {
      const key = hashPartOf(digestOf('key ' + (round * 5 + below(30))));
      const known = store.findRealisation(key, 'out');
      const way = below(4);
      if (way === 0 && known !== undefined && store.use([known]).has(known)) relied.push(known);
      else if (way === 1 && store.findClaim(key, { format: 'test', value: 'v0' }) !== undefined)
        relied.push(store.findClaim(key, { format: 'test', value: 'v0' }));
      else if (way === 2 && known !== undefined) {
        const part = store.addPart(known, '/inner', 'part');
        if (part !== undefined) relied.push(part);
        else counts.gone++;
      } else {
        const references = relied.filter(() => random() < 0.1);
        relied.push(make(store, key, references));
        continue;
      }
      counts.found++;
      assertWhole(store, relied[below(relied.length)]);
    }
    for (const path of relied) assertWhole(store, path);
    store.close();
  }

  for (let round = 0; round < Number(args[3]); round++) session(round);
  console.log(JSON.stringify(counts));
`;

async function reportOf<T>(child: Child): Promise<T> {
  child.process.stdin?.end();
  const line = await child.nextLine();
  assert.equal(await child.ended, 0, line);
  return JSON.parse(line) as T;
}

/** How often it is tried until a collection meets something that may go: that is a matter of the machine's pace. */
const maximumTries = 8;

test('builders beside a collection that never rests, and a verification, lose nothing', async (t) => {
  const seed = chooseSeed();
  const random = randomFrom(seed);
  t.diagnostic(`seed ${seed}`);
  for (let tries = 0; tries < maximumTries; tries++) {
    const collected = await buildBesideCollection(t, random);
    if ((collected['outputs'] ?? 0) > 0 && (collected['blobs'] ?? 0) > 0) return;
  }
  assert.fail('nothing was collected');
});

/** Lets builders, a collection and a verification work on one store, and answers how much was collected. */
async function buildBesideCollection(
  t: TestContext,
  random: () => number,
): Promise<Readonly<Record<string, number>>> {
  using folder = temporaryFolder();
  Store.open(folder.path).close();
  const clockStart = String(Date.now());
  const helpers = [collector, verifier].map((code) =>
    startChild(fastClock + code, [folder.path, clockStart]),
  );
  await Promise.all(helpers.map((child) => child.nextLine()));
  const sessions = String(30 * fuzzFactor());
  const seeds = [random(), random()].map((each) => String(Math.floor(each * 2 ** 32)));
  const builders = seeds.map((each) =>
    startChild(fastClock + builder, [folder.path, clockStart, each, sessions]),
  );
  const built = await Promise.all(builders.map((child) => reportOf<Record<string, number>>(child)));
  const [collected, verified] = await Promise.all([
    reportOf<Record<string, number>>(helpers[0] as Child),
    reportOf<{ readonly findings: readonly unknown[] }>(helpers[1] as Child),
  ]);
  t.diagnostic(JSON.stringify({ seeds, built, collected, verified }));
  assert.deepEqual(verified.findings, []);
  const store = Store.open(folder.path);
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  store.close();
  return collected;
}
