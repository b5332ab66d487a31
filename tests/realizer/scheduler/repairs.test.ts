import assert from 'node:assert/strict';
import { rmSync, statSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import type { StorePath } from '../../../src/foundation/index.ts';
import { withWhole } from '../../../src/realizer/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { Neighbourhood } from '../support/neighbourhood.ts';

test('what is damaged here is fetched from who has it, and nothing is run', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('empty', ['wasm']);
  const big = here.add('big', ['wasm']);
  const step = here.derivation({ name: 'step', features: ['wasm'] });
  const { out } = await here.succeed(step, 'here', 'big');
  assert.ok(out !== undefined);
  lose(here.store, out);
  assert.deepEqual(await here.remaker().remake(out), { ok: true, how: 'fetched', from: 'big' });
  assert.ok(here.store.isWhole(out));
  assert.deepEqual([here.own.runs, big.executor.runs], [[], ['step']]);
});

test('what nobody has is made again, here where that can be', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  here.add('big', ['wasm']);
  const base = here.derivation({ name: 'base', features: ['wasm'] });
  const step = here.derivation({ name: 'step', inputs: [base], features: ['wasm'] });
  const { out } = await here.succeed(step);
  assert.ok(out !== undefined);
  for (const path of here.store.closure([out])) lose(here.store, path);
  assert.deepEqual(await here.remaker().remake(out), { ok: true, how: 'made-again' });
  for (const path of here.store.closure([out])) assert.ok(here.store.isWhole(path), path);
  assert.deepEqual(here.runs, { embedded: ['base', 'base', 'step', 'step'], big: [] });
});

test('what only another realizer can make is made there again, of inputs that are sent to it', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['big-memory']);
  const tree = here.tree('tree', 'what it is made of');
  const step = here.derivation({ name: 'step', trees: [tree], features: ['big-memory'] });
  const { out } = await here.succeed(step);
  assert.ok(out !== undefined);
  lose(here.store, out);
  // A new machine under the old name.
  await here.remove(big);
  const other = here.add('other', ['big-memory']);
  assert.deepEqual(await here.remaker().remake(out), { ok: true, how: 'made-again' });
  assert.ok(here.store.isWhole(out));
  assert.deepEqual(other.executor.runs, ['step']);
  assert.deepEqual(other.arrivals[0], { by: 'push', paths: [tree] });
});

test('one that is down is passed over', async () => {
  await using here = await Neighbourhood.create(['wasm']);
  const big = here.add('big', ['wasm']);
  const step = here.derivation({ name: 'step', features: ['wasm'] });
  const { out } = await here.succeed(step, 'here', 'big');
  assert.ok(out !== undefined);
  lose(here.store, out);
  big.goDown();
  assert.deepEqual(await here.remaker().remake(out), { ok: true, how: 'made-again' });
  assert.deepEqual(here.warnings, ['CAB4052']);
});

test('one that goes down over it is told as why it was not made', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const step = here.derivation({ name: 'step', features: ['wasm'] });
  const { out } = await here.succeed(step);
  assert.ok(out !== undefined);
  lose(here.store, out);
  await here.remove(big);
  const other = here.add('other', ['wasm']);
  other.onRealize = () => other.goDown('lost');
  const remade = await here.remaker().remake(out);
  assert.deepEqual(!remade.ok && remade.diagnostics.map(({ message }) => message), [
    "nobody answers for 'other'",
  ]);
});

test('what has to be whole to go out is put right by who has it', async () => {
  await using here = await Neighbourhood.create([]);
  here.add('big', ['wasm']);
  const step = here.derivation({ name: 'step', words: ['fill:10000'], features: ['wasm'] });
  const { out } = await here.succeed(step);
  assert.ok(out !== undefined);
  const entry = here.store.lookup(out, '/size');
  assert.ok(entry?.kind === 'file');
  const read = (): Uint8Array => here.store.blobs.read(entry.digest);
  const file = here.store.blobs.pathOf(entry.digest, false);
  const before = statSync(file).size;
  truncateSync(file, 5000);
  const content = await withWhole(
    () => [out],
    () => here.means(),
    read,
  );
  assert.equal(content.length, before);
});

test('what is built once more elsewhere comes here to be compared', async () => {
  await using here = await Neighbourhood.create([]);
  const big = here.add('big', ['wasm']);
  const step = here.derivation({ name: 'step', features: ['wasm'] });
  const { out } = await here.succeed(step);
  const again = await here.scheduler().repeat(step);
  assert.ok(again.ok);
  assert.equal(again.outputs['out']?.path, out);
  assert.deepEqual(big.executor.runs, ['step', 'step']);
});

test('what is built once more goes elsewhere where its realizer goes down', async () => {
  await using here = await Neighbourhood.create([]);
  const one = here.add('one', ['wasm']);
  here.add('two', ['wasm']);
  const step = here.derivation({ name: 'step', features: ['wasm'] });
  const { out } = await here.succeed(step);
  one.goDown();
  const again = await here.scheduler().repeat(step);
  assert.ok(again.ok && again.outputs['out']?.path === out);
  assert.deepEqual(here.runs, { embedded: [], one: ['step'], two: ['step'] });
});

/** Takes away what an output's text is. */
function lose(store: Store, path: StorePath): void {
  const entry = store.lookup(path, '/text');
  assert.ok(entry?.kind === 'file');
  rmSync(store.blobs.pathOf(entry.digest, false));
}
