import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { Neighbourhood } from '../support/neighbourhood.ts';

test('the work of one that is down goes elsewhere, and one warning says so', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  one.goDown();
  const steps = [0, 1, 2].map((index) => here.derivation({ name: `step${index}`, features: ['wasm'] }));
  for (const result of await here.realize(steps)) assert.ok(result.ok);
  assert.deepEqual(here.runs, { embedded: [], one: [], two: ['step0', 'step1', 'step2'] });
  assert.deepEqual(here.warnings, ['CAB4052']);
});

test('one that is down is asked again after a while, which grows', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['one']);
  here.add('two', ['two']);
  const scheduler = here.scheduler();
  const tried = async (name: string): Promise<boolean> => {
    const before = one.calls.size === 0 ? 0 : [...one.calls.values()].reduce((sum, count) => sum + count);
    await scheduler.realize([here.derivation({ name, features: ['one'] })]);
    return [...one.calls.values()].reduce((sum, count) => sum + count, 0) > before;
  };
  one.goDown();
  assert.ok(await tried('a'));
  assert.ok(!(await tried('b')));
  here.nowMs += 5000;
  assert.ok(await tried('c'));
  here.nowMs += 5000;
  assert.ok(!(await tried('d')));
  here.nowMs += 5000;
  one.comeUp();
  assert.ok(await tried('e'));
  assert.deepEqual(one.executor.runs, ['e']);
  assert.deepEqual(here.warnings, ['CAB4052']);
});

test('where nobody is left, it is told who offers what, and who is down and why', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('one', ['big-memory']).goDown();
  here.add('two', ['kvm']);
  const [diagnostic] = await here.diagnosticsOf(here.derivation({ name: 'step', features: ['big-memory'] }));
  assert.equal(diagnostic?.code, 'CAB4050');
  assert.deepEqual(diagnostic?.notes, [
    "the realizer 'embedded' offers 'wasm', and lacks 'big-memory'",
    "the realizer 'one' is down: nobody answers for 'one'",
    "the realizer 'two' offers 'kvm', and lacks 'big-memory'",
  ]);
  assert.equal(diagnostic?.hint, 'see whether it runs');
});

test('of the only one that was named, its own failure is told, and nothing else', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['wasm']).goDown();
  const step = here.derivation({ name: 'step', features: ['wasm'] });
  const told = await here.diagnosticsOf(step, 'big');
  assert.deepEqual(
    told.map(({ message }) => message),
    ["nobody answers for 'big'"],
  );
  assert.deepEqual(here.warnings, []);
});

test('what one had when it went down is begun elsewhere', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  one.onRealize = () => one.goDown('lost');
  await here.succeed(here.derivation({ name: 'step', features: ['wasm'] }));
  assert.deepEqual(here.runs, { embedded: [], one: [], two: ['step'] });
});

test('it is begun elsewhere once: what takes two realizers down is not given to a third', async () => {
  await using here = await Neighbourhood.create([]);
  const all = ['one', 'two', 'three'].map((name) => here.add(name, ['wasm']));
  for (const each of all) each.onRealize = () => each.goDown('lost');
  const [diagnostic] = await here.diagnosticsOf(here.derivation({ name: 'step', features: ['wasm'] }));
  assert.equal(diagnostic?.code, 'CAB4051');
  assert.equal(diagnostic?.notes?.length, 2);
  assert.equal(all[2]?.calls.get('realize'), undefined);
});

test('what only one had that is down is made again elsewhere', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm']);
  here.add('two', ['wasm', 'two']);
  const source = here.derivation({ name: 'source', features: ['wasm'], fix: { kind: 'self' } });
  const part = here.derivation({ name: 'part', inputs: [source], features: ['wasm'] });
  await here.succeed(part, 'anywhere', 'one');
  one.goDown();
  await here.succeed(here.derivation({ name: 'step', inputs: [part], features: ['two'] }));
  assert.deepEqual(here.runs, { embedded: [], one: ['part', 'source'], two: ['part', 'source', 'step'] });
});

test('one that goes down between making an input and giving it has its work done again', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm', 'one']);
  const two = here.add('two', ['wasm', 'two']);
  const input = here.derivation({ name: 'input', words: ['fill:100000'], features: ['wasm'] });
  const other = here.derivation({ name: 'other', inputs: [input], features: ['one'] });
  const step = here.derivation({ name: 'step', inputs: [input, other], features: ['wasm'] });
  await here.succeed(other, 'anywhere');
  // What it made is known to be there when this run begins, and cannot be had any more when it is needed.
  const scheduler = here.scheduler();
  await scheduler.realize([other], 'anywhere');
  one.goDown('lost');
  const [result] = await scheduler.realize([input, step], 'anywhere');
  assert.ok(result?.ok);
  assert.ok(two.executor.runs.includes('input'));
});

test('one that is about to end gives what it has, and takes no work', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  const input = here.derivation({ name: 'input', words: ['fill:300000'], features: ['wasm'] });
  await here.succeed(input, 'anywhere', 'one');
  one.drain();
  await here.succeed(here.derivation({ name: 'step', inputs: [input], features: ['wasm'] }));
  assert.deepEqual(here.runs, { embedded: [], one: ['input'], two: ['step'] });
});

test('a program that fails is not tried elsewhere', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  const [diagnostic] = await here.diagnosticsOf(
    here.derivation({ name: 'step', words: ['fail'], features: ['wasm'] }),
  );
  assert.equal(diagnostic?.code, 'CAB4002');
  assert.deepEqual(here.runs, { embedded: [], one: ['step'], two: [] });
});

test('all that wait for one that goes down are told', { timeout: 20_000 }, async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['big-memory'], { cores: 1 });
  big.onRealize = () => big.goDown('lost');
  const steps = Array.from({ length: 9 }, (_, index) =>
    here.derivation({ name: `step${index}`, features: ['big-memory'] }),
  );
  const results = await here.realize(steps);
  for (const result of results) assert.ok(!result.ok);
});

test('an input that a realizer has collected meanwhile is made again', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const input = here.derivation({ name: 'input', features: ['wasm'] });
  const scheduler = here.scheduler();
  const [made] = await scheduler.realize([input], 'anywhere');
  assert.ok(made?.ok);
  big.lose(...Object.values(made.outputs));
  const asked: string[] = [];
  big.onRealize = (name) => void asked.push(name);
  const step = here.derivation({ name: 'step', inputs: [input], features: ['wasm'] });
  const [result] = await scheduler.realize([step], 'anywhere');
  assert.ok(result?.ok);
  assert.deepEqual(asked, ['step', 'input', 'step']);
});

test('a realizer that tells of another output than the one that is pinned is not believed', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const fixed = here.derivation({
    name: 'fixed',
    words: ['claim:git:1'],
    features: ['wasm'],
    fix: { kind: 'self' },
  });
  const other = await here.succeed(
    here.derivation({ name: 'fixed', words: ['other'], features: ['wasm'] }),
    'anywhere',
  );
  here.pins.set('fixed', { cab: 'a'.repeat(51) + 'q' });
  big.lies = (result) => ({ ...result, outputs: other });
  const [diagnostic] = await here.diagnosticsOf(fixed);
  assert.equal(diagnostic?.code, 'CAB3103');
  here.pins.set('fixed', { git: '2' });
  big.lies = (result) => ({ ...result, pins: { git: '1' } });
  const told = await here.diagnosticsOf(fixed);
  assert.deepEqual(
    told.map(({ code }) => code),
    ['CAB3103'],
  );
});

test('what a realizer refuses is a failure of that alone', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const [good, bad] = ['good', 'bad'].map((name) => here.derivation({ name, features: ['wasm'] }));
  assert.ok(good !== undefined && bad !== undefined);
  big.onRealize = (name) => {
    const diagnostic = { code: 'CAB4047', severity: 'error', message: 'it is not allowed' } as const;
    if (name === 'bad') throw new DiagnosticError(diagnostic);
  };
  const results = await here.realize([bad, good]);
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [false, true],
  );
});
