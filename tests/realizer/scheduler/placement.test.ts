import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Neighbourhood } from '../support/neighbourhood.ts';

const self = { kind: 'self' } as const;

test('a source is made where what needs it is realized, and only the result comes here', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['wasm', 'big-memory']);
  const source = here.derivation({ name: 'source', words: ['fill:1000000'], features: ['wasm'], fix: self });
  const step = here.derivation({ name: 'step', inputs: [source], features: ['big-memory'] });
  await here.succeed(step);
  assert.deepEqual(here.runs, { embedded: [], big: ['source', 'step'] });
  // The result mentions the source, and is nothing without it.
  assert.deepEqual(here.fetched, ['source', 'step']);
  assert.equal(big.arrivals.length, 1);
});

test('the whole chain below a derivation goes where that has to be', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['wasm', 'big-memory']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: self });
  const unpacked = here.derivation({ name: 'unpacked', inputs: [source], features: ['wasm'] });
  const built = here.derivation({ name: 'built', inputs: [unpacked], features: ['wasm'] });
  const linked = here.derivation({ name: 'linked', inputs: [built], features: ['big-memory'] });
  await here.succeed(linked, 'anywhere');
  assert.deepEqual(here.runs, { embedded: [], big: ['built', 'linked', 'source', 'unpacked'] });
  assert.deepEqual(here.moves, []);
});

test('a source goes with its consumer, though a program that fetches it is only here', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['wasm', 'big-memory']);
  const program = here.tree('fetch.wasm', 'the program');
  const source = here.derivation({ name: 'source', trees: [program], features: ['wasm'], fix: self });
  await here.succeed(
    here.derivation({ name: 'step', inputs: [source], features: ['big-memory'] }),
    'anywhere',
  );
  assert.deepEqual(here.runs, { embedded: [], big: ['source', 'step'] });
  assert.deepEqual(
    big.arrivals.map(({ by, paths }) => [by, paths]),
    [['push', [program]]],
  );
});

test('a source that its consumer’s realizer cannot make is made elsewhere, and goes there', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('net', ['wasm']);
  here.add('big', ['big-memory']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: self });
  await here.succeed(
    here.derivation({ name: 'step', inputs: [source], features: ['big-memory'] }),
    'anywhere',
  );
  assert.deepEqual(here.runs, { embedded: [], net: ['source'], big: ['step'] });
  assert.deepEqual(here.moves, ['net → big: 1, direct']);
});

test('a source that several need is made where most of them are, and goes to the other once', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('one', ['wasm', 'one']);
  const two = here.add('two', ['wasm', 'two']);
  const source = here.derivation({ name: 'source', words: ['fill:200000'], features: ['wasm'], fix: self });
  const steps = ['one', 'two', 'two', 'one', 'two'].map((feature, index) =>
    here.derivation({ name: `step${index}`, inputs: [source], features: [feature] }),
  );
  for (const result of await here.realize(steps, 'anywhere')) assert.ok(result.ok);
  assert.deepEqual(here.runs, {
    embedded: [],
    one: ['step0', 'step3'],
    two: ['source', 'step1', 'step2', 'step4'],
  });
  assert.deepEqual(here.moves, ['two → one: 1, direct']);
  assert.deepEqual(two.arrivals, []);
});

test('a diamond is realized where its end has to be, and nothing of it moves', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['wasm', 'big-memory']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: self });
  const left = here.derivation({ name: 'left', inputs: [source], features: ['wasm'] });
  const right = here.derivation({ name: 'right', inputs: [source], features: ['wasm'] });
  await here.succeed(
    here.derivation({ name: 'end', inputs: [left, right], features: ['big-memory'] }),
    'anywhere',
  );
  assert.deepEqual(here.runs, { embedded: [], big: ['end', 'left', 'right', 'source'] });
  assert.deepEqual(here.moves, []);
});

test('what exists is not made again, and draws its consumer to it', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('one', ['wasm']);
  here.add('two', ['wasm', 'two']);
  const source = here.derivation({ name: 'source', words: ['fill:500000'], features: ['wasm'], fix: self });
  await here.succeed(source, 'anywhere', 'one');
  await here.succeed(here.derivation({ name: 'free', inputs: [source], features: ['wasm'] }), 'anywhere');
  await here.succeed(here.derivation({ name: 'tied', inputs: [source], features: ['two'] }), 'anywhere');
  assert.deepEqual(here.runs, { embedded: [], one: ['free', 'source'], two: ['tied'] });
  assert.deepEqual(here.moves, ['one → two: 1, direct']);
});

test('many sources with their consumers are spread, and no source leaves its realizer', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  const steps = Array.from({ length: 12 }, (_, index) => {
    const source = here.derivation({
      name: `source${index}`,
      words: ['fill:9000'],
      features: ['wasm'],
      fix: self,
    });
    return here.derivation({ name: `step${index}`, inputs: [source], features: ['wasm'] });
  });
  const end = here.derivation({ name: 'end', inputs: steps, features: ['wasm'] });
  await here.succeed(end, 'anywhere');
  const [, one = [], two = []] = Object.values(here.runs);
  assert.equal(one.length + two.length, 25);
  assert.ok(Math.min(stepsAt(one), stepsAt(two)) >= 4, `${stepsAt(one)} and ${stepsAt(two)} steps`);
  for (const names of [one, two]) {
    for (const name of names.filter((each) => each.startsWith('step'))) {
      assert.ok(names.includes(name.replace('step', 'source')), `${name} is not with its source`);
    }
  }
});

test('what is asked again is asked by who has what it was, and nothing moves where it is the same', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const old = here.add('old', ['wasm']);
  here.add('big', ['wasm', 'big-memory']);
  const source = here.derivation({
    name: 'source',
    words: ['claim:git:1', 'fill:100000'],
    features: ['wasm'],
    fix: self,
  });
  const step = here.derivation({ name: 'step', inputs: [source], features: ['big-memory'] });
  await here.succeed(source, 'anywhere', 'old');
  await here.succeed(step, 'anywhere');
  const before = here.moves.length;
  here.asked.add('source');
  await here.succeed(step, 'anywhere');
  assert.equal(
    here.events.filter((event) => event.type === 'build-finished' && event.outcome === 'known').length,
    1,
  );
  assert.equal(here.moves.length, before);
  assert.deepEqual(
    [...here.neighbours.values()].flatMap(({ executor }) => executor.runs),
    ['source', 'source', 'step'],
  );
  assert.equal(old.arrivals.length, 0);
});

function stepsAt(names: readonly string[]): number {
  return names.filter((name) => name.startsWith('step')).length;
}
