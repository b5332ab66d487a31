import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Derivation } from '../../../src/derivations/index.ts';
import { Neighbourhood } from '../support/neighbourhood.ts';

test('what only one offers is realized there, and its result comes here', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['big-memory']);
  const step = here.derivation({ name: 'step', features: ['big-memory'] });
  const { out } = await here.succeed(step);
  assert.deepEqual(here.runs, { embedded: [], big: ['step'] });
  assert.ok(out !== undefined && here.store.has(out));
  assert.deepEqual(here.moves, ['big → embedded: 1, through-client']);
});

test('where all are alike, the first of the configuration realizes', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['wasm']);
  await here.succeed(here.derivation({ name: 'step', features: ['wasm'] }));
  assert.deepEqual(here.runs, { embedded: ['step'], big: [] });
});

test('the one that has the inputs realizes', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['wasm', 'big-memory']);
  const large = here.derivation({ name: 'large', words: ['fill:1000000'], features: ['big-memory'] });
  const step = here.derivation({ name: 'step', inputs: [large], features: ['wasm'] });
  await here.succeed(step, 'anywhere');
  assert.deepEqual(here.runs, { embedded: [], big: ['large', 'step'] });
  assert.deepEqual(big.arrivals, []);
});

test('more of the inputs counts more, with all that they refer to', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('one', ['wasm', 'one']);
  here.add('two', ['wasm', 'two']);
  const base = here.derivation({ name: 'base', words: ['fill:3000000'], features: ['two'] });
  const small = here.derivation({ name: 'small', inputs: [base], features: ['two'] });
  const medium = here.derivation({ name: 'medium', words: ['fill:2000000'], features: ['one'] });
  await here.succeed(
    here.derivation({ name: 'step', inputs: [small, medium], features: ['wasm'] }),
    'anywhere',
  );
  assert.deepEqual(here.runs, { embedded: [], one: ['medium'], two: ['base', 'small', 'step'] });
});

test('of two that have as much, the one that says it is less busy realizes', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  one.busy = { running: 1, queued: 0 };
  await here.succeed(here.derivation({ name: 'step', features: ['wasm'] }));
  assert.deepEqual(here.runs, { embedded: [], one: [], two: ['step'] });
});

test('who would have to wait long is passed over, though it has the inputs', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm', 'one']);
  here.add('two', ['wasm']);
  const input = here.derivation({ name: 'input', words: ['fill:1000'], features: ['one'] });
  await here.succeed(input, 'anywhere');
  one.busy = { running: 2, queued: 40 };
  await here.succeed(here.derivation({ name: 'step', inputs: [input], features: ['wasm'] }), 'anywhere');
  assert.deepEqual(here.runs, { embedded: [], one: ['input'], two: ['step'] });
});

test('a graph whose parts need different features runs its parts on different realizers', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('linux', ['x86_64-linux']);
  here.add('big', ['big-memory']);
  const source = here.derivation({ name: 'source', features: ['wasm'] });
  const compiled = here.derivation({ name: 'compiled', inputs: [source], features: ['x86_64-linux'] });
  const linked = here.derivation({ name: 'linked', inputs: [compiled], features: ['big-memory'] });
  const page = here.derivation({ name: 'page', inputs: [linked, source], features: ['wasm'] });
  await here.succeed(page);
  assert.deepEqual(here.runs, { embedded: ['page', 'source'], linux: ['compiled'], big: ['linked'] });
});

test('with one realizer named, it realizes all, and the others are not asked', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['wasm']);
  const other = here.add('other', ['wasm']);
  const tree = here.tree('tree', 'of this machine');
  const step = here.derivation({ name: 'step', trees: [tree], features: ['wasm'] });
  await here.succeed(step, 'here', 'big');
  assert.deepEqual(here.runs, { embedded: [], big: ['step'], other: [] });
  assert.equal(big.arrivals.length, 2);
  assert.deepEqual([...other.calls], []);
});

test('where none offers it, the diagnostic says what each offers', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['big-memory', 'wasm']);
  const step = here.derivation({ name: 'step', features: ['kvm', 'wasm'] });
  const [diagnostic] = await here.diagnosticsOf(step);
  assert.equal(diagnostic?.code, 'CAB4001');
  assert.deepEqual(diagnostic?.notes, [
    "the realizer 'embedded' offers 'wasm', and lacks 'kvm'",
    "the realizer 'big' offers 'big-memory', 'wasm', and lacks 'kvm'",
  ]);
  assert.match(diagnostic?.hint ?? '', /the spelling of the features/);
  const [ofNamed] = await here.diagnosticsOf(step, 'big');
  assert.match(ofNamed?.hint ?? '', /build without --realizer/);
});

test('programs without inputs are spread too, though one of them needs what all of them make', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  const { promise, resolve } = Promise.withResolvers<void>();
  here.gates.set('all', promise);
  const parts = Array.from({ length: 4 }, (_, index) =>
    here.derivation({ name: `part${index}`, words: ['wait:all'], features: ['wasm'] }),
  );
  const end = here.derivation({ name: 'end', inputs: parts, features: ['wasm'] });
  const realized = here.realize([end], 'anywhere');
  await here.untilRunning(4);
  assert.deepEqual(
    Object.values(here.runs).map(({ length }) => length),
    [0, 2, 2],
  );
  resolve();
  for (const result of await realized) assert.ok(result.ok);
});

test('many that take their time are spread over all, as far as each runs them at once', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('one', ['wasm']);
  here.add('two', ['wasm'], { cores: 4 });
  const { promise, resolve } = Promise.withResolvers<void>();
  here.gates.set('all', promise);
  const steps = Array.from({ length: 8 }, (_, index) =>
    here.derivation({ name: `step${index}`, words: ['wait:all'], features: ['wasm'] }),
  );
  const realized = here.realize(steps, 'anywhere');
  await here.untilRunning(8);
  assert.deepEqual(
    Object.values(here.runs).map(({ length }) => length),
    [2, 2, 4],
  );
  resolve();
  for (const result of await realized) assert.ok(result.ok);
});

test('one that is alone is not asked what is known of something whose inputs it has only now made', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const chain = (words: readonly string[]): Derivation => {
    const base = here.derivation({ name: 'base', words, features: ['wasm'] });
    const middle = here.derivation({ name: 'middle', inputs: [base], features: ['wasm'] });
    return here.derivation({ name: 'end', inputs: [middle], features: ['wasm'] });
  };
  await here.succeed(chain([]), 'anywhere', 'big');
  assert.deepEqual([big.calls.get('lookup'), big.executor.runs.length], [1, 3]);
  // With others beside it, any of them may know.
  await here.succeed(chain(['fill:10']), 'anywhere');
  assert.deepEqual([big.calls.get('lookup'), big.executor.runs.length], [4, 6]);
});
