import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Neighbourhood } from '../support/neighbourhood.ts';

test('a tree that many need is sent once', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm'], { cores: 8 });
  const tree = here.tree('tree', 'what all need');
  const steps = Array.from({ length: 20 }, (_, index) =>
    here.derivation({ name: `step${index}`, trees: [tree], features: ['wasm'] }),
  );
  for (const result of await here.realize(steps, 'anywhere')) assert.ok(result.ok);
  assert.deepEqual(big.arrivals, [{ by: 'push', paths: [tree] }]);
  assert.equal(big.calls.get('push'), 1);
});

test('what several inputs refer to is sent once', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['big-memory']);
  const base = here.derivation({ name: 'base', words: ['fill:100000'], features: ['wasm'] });
  const parts = ['a', 'b', 'c', 'd'].map((name) =>
    here.derivation({ name, inputs: [base], features: ['wasm'] }),
  );
  const steps = parts.map((part, index) =>
    here.derivation({ name: `step${index}`, inputs: [part], features: ['big-memory'] }),
  );
  await here.succeed(here.derivation({ name: 'end', inputs: steps, features: ['big-memory'] }), 'anywhere');
  const arrived = big.arrivals.flatMap(({ paths }) => paths);
  assert.equal(arrived.length, 5);
  assert.equal(new Set(arrived).size, 5);
});

test('one that is refused by another realizer goes through here, and the refusal is not asked for twice', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('one', ['one']);
  const two = here.add('two', ['two']);
  two.refusesPulls = true;
  for (const round of [0, 1]) {
    const large = here.derivation({ name: `large${round}`, words: ['fill:100000'], features: ['one'] });
    const other = here.derivation({ name: `other${round}`, words: ['fill:100000'], features: ['one'] });
    const scheduler = here.scheduler();
    for (const [index, input] of [large, other].entries()) {
      const step = here.derivation({ name: `step${round}${index}`, inputs: [input], features: ['two'] });
      const [result] = await scheduler.realize([step], 'anywhere');
      assert.ok(result?.ok);
    }
    assert.equal(two.calls.get('pullFrom'), round + 1);
  }
  assert.deepEqual(here.moves.slice(0, 2), [
    'one → embedded: 1, through-client',
    'embedded → two: 1, through-client',
  ]);
});

test('what is here and at another realizer goes directly, unless it is small', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('one', ['one']);
  const two = here.add('two', ['two']);
  const small = here.derivation({ name: 'small', features: ['one'] });
  const large = here.derivation({ name: 'large', words: ['fill:500000'], features: ['one'] });
  await here.succeed(small);
  await here.succeed(large);
  await here.succeed(
    here.derivation({ name: 'step', inputs: [small, large], features: ['two'] }),
    'anywhere',
  );
  assert.deepEqual(two.arrivals.map(({ by }) => by).toSorted(), ['pull', 'push']);
  const pulled = two.arrivals.find(({ by }) => by === 'pull');
  assert.match(String(pulled?.paths), /-large$/);
});

test('events say what went where and how much it was', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('one', ['one']);
  here.add('two', ['two']);
  const large = here.derivation({ name: 'large', words: ['fill:500000'], features: ['one'] });
  await here.succeed(here.derivation({ name: 'step', inputs: [large], features: ['two'] }));
  const moved = here.events.filter((event) => event.type === 'outputs-moved');
  assert.deepEqual(
    moved.map(({ from, to, outputs, way }) => ({ from, to, outputs, way })),
    [
      { from: 'one', to: 'two', outputs: 1, way: 'direct' },
      { from: 'two', to: 'embedded', outputs: 2, way: 'through-client' },
    ],
  );
  for (const { bytes } of moved) assert.ok(bytes > 0);
});

test('a result that is wanted here comes with all that it refers to, and nothing else does', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('big', ['wasm']);
  const base = here.derivation({ name: 'base', features: ['wasm'] });
  const part = here.derivation({ name: 'part', inputs: [base], features: ['wasm'] });
  const other = here.derivation({ name: 'other', inputs: [base], features: ['wasm'] });
  await here.realize([part, other], 'anywhere');
  assert.deepEqual(here.fetched, []);
  await here.succeed(part);
  assert.deepEqual(here.fetched, ['base', 'part']);
});

test('a second run that wants what is here asks no realizer', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: { kind: 'self' } });
  const step = here.derivation({ name: 'step', inputs: [source], features: ['wasm'] });
  const first = await here.succeed(step);
  big.calls.clear();
  assert.deepEqual(await here.succeed(step), first);
  assert.deepEqual([...big.calls], []);
});

test('a second run that wants nothing here asks only whether the result is there', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: { kind: 'self' } });
  const step = here.derivation({ name: 'step', inputs: [source], features: ['wasm'] });
  const first = await here.succeed(step, 'anywhere');
  assert.ok(first['out'] !== undefined && !here.store.has(first['out']));
  big.calls.clear();
  assert.deepEqual(await here.succeed(step, 'anywhere'), first);
  assert.deepEqual([...big.calls], [['has', 1]]);
});

test('what a realizer made with tools of its machine counts there, and not here', async () => {
  await using here = await Neighbourhood.create(['host-tools'], { identity: 'this machine' });
  const big = here.add('big', ['host-tools', 'big-memory'], { identity: 'that machine' });
  const there = here.derivation({ name: 'step', features: ['host-tools'] });
  await here.succeed(there, 'here', 'big');
  await here.succeed(there, 'here', 'big');
  assert.deepEqual(big.executor.runs, ['step']);
  await here.succeed(there, 'here', 'embedded');
  assert.deepEqual(here.own.runs, ['step']);
});

test('what another client had made is known, and its inputs are neither made nor fetched', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: { kind: 'self' } });
  const step = here.derivation({ name: 'step', inputs: [source], features: ['wasm'] });
  await here.succeed(step, 'anywhere');
  await using other = await Neighbourhood.create([]);
  other.join(big);
  for (const [name, pins] of here.pins) other.pins.set(name, pins);
  await other.succeed(step, 'anywhere');
  assert.deepEqual(big.executor.runs, ['source', 'step']);
  // And from then on it is known there too what it came out as.
  const seen = other.neighbours.get('big');
  seen?.calls.clear();
  await other.succeed(step, 'anywhere');
  assert.deepEqual([...(seen?.calls ?? [])], [['has', 1]]);
});
