import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import test from 'node:test';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { hashPartOf, digestOf, storePath } from '../../../src/foundation/index.ts';
import type { ServerEvent } from '../../../src/realizer/server/index.ts';
import type { OutputRecord, Store } from '../../../src/store/index.ts';
import { chooseSeed, randomFrom } from '../../support/index.ts';
import { type TestRealizer, withRealizer } from '../../support/realizer.ts';
import { addBuilt } from '../../store/built-outputs.ts';
import { quiet, withRemote, withStore } from './remote-realizer.ts';

/** An output that refers to another, with small files and one that fits no message. */
async function addPair(
  store: Store,
): Promise<{ readonly lower: OutputRecord; readonly upper: OutputRecord }> {
  const lower = await addBuilt(store, 'lower', () => ({
    'a/b/file': 'lower',
    'a/program': { executable: '#!/bin/sh\n' },
    'a/link': { symlink: 'b/file' },
    empty: '',
    large: 'x'.repeat(5_000_000),
  }));
  const upper = await addBuilt(store, 'upper', (own) => ({ file: `${lower.path} ${own}` }), [lower.path]);
  return { lower, upper };
}

/** An output of many files that nothing else has. */
async function addMany(store: Store, count: number, size: number): Promise<OutputRecord> {
  const random = randomFrom(chooseSeed());
  const salt = String(random());
  const content = (name: string): Buffer => {
    const block = createHash('sha256').update(`${salt} ${name}`).digest();
    return Buffer.alloc(size, block);
  };
  const names = Array.from({ length: count }, (_, index) => `folder-${index % 10}/file-${index}`);
  return await addBuilt(store, 'many', () => Object.fromEntries(names.map((name) => [name, content(name)])));
}

test('outputs go to a realizer with all that they refer to, and only once', async (context) => {
  const server = await withRealizer(context);
  const here = withStore(context);
  const { lower, upper } = await addPair(here);
  const remote = withRemote(context, server.configuration(), here);
  assert.equal(await remote.has(upper.path), false);
  const moved = await remote.remote.push([upper.path], quiet);
  assert.equal(moved.outputs, 2);
  assert.ok(moved.bytes > lower.size, `${moved.bytes} bytes went`);
  assert.deepEqual(server.store.get(upper.path), upper);
  assert.deepEqual(server.store.get(lower.path), lower);
  assert.equal(await remote.has(upper.path), true);
  assert.deepEqual(await remote.remote.push([upper.path, lower.path], quiet), { outputs: 0, bytes: 0 });
});

test('outputs come from a realizer, and only what is not here', async (context) => {
  const server = await withRealizer(context);
  const { lower, upper } = await addPair(server.store);
  const here = withStore(context);
  here.blobs.put(Buffer.from('x'.repeat(5_000_000)));
  const remote = withRemote(context, server.configuration(), here);
  const moved = await remote.remote.fetch([upper.path], quiet);
  assert.equal(moved.outputs, 2);
  assert.ok(moved.bytes < 2000, `${moved.bytes} bytes came, and the large file was here`);
  assert.deepEqual(here.get(upper.path), upper);
  assert.equal(here.isWhole(lower.path), true);
  assert.deepEqual(await remote.remote.fetch([upper.path], quiet), { outputs: 0, bytes: 0 });
});

test('an output that a realizer does not have is said to be missing, and nothing comes of it', async (context) => {
  const server = await withRealizer(context);
  const remote = withRemote(context, server.configuration(), withStore(context));
  const path = storePath(hashPartOf(digestOf('nowhere')), 'nowhere');
  await assert.rejects(remote.remote.fetch([path], quiet), (error) => {
    assert.ok(error instanceof DiagnosticError);
    assert.equal(error.diagnostics[0]?.code, 'CAB4047');
    assert.deepEqual(error.diagnostics[0]?.notes, [path]);
    return true;
  });
});

test('what is damaged here is brought again, though it is recorded', async (context) => {
  const server = await withRealizer(context);
  const { lower } = await addPair(server.store);
  const here = withStore(context);
  const remote = withRemote(context, server.configuration(), here);
  await remote.remote.fetch([lower.path], quiet);
  rmSync(here.blobs.pathOf(digestOf('lower'), false));
  assert.equal(here.isWhole(lower.path), false);
  assert.deepEqual(await remote.remote.refetch(lower.path, quiet), lower);
  assert.equal(here.isWhole(lower.path), true);
  assert.equal(await remote.remote.refetch(storePath(hashPartOf(digestOf('no')), 'no'), quiet), undefined);
});

test('one realizer takes outputs from another, past the client', async (context) => {
  const from = await withRealizer(context);
  const by = await withRealizer(context, {
    toml: `[anonymous]\nmay = ["read", "write"]\n[peers]\nallow = ["${from.address}"]`,
  });
  const { upper } = await addPair(from.store);
  const here = withStore(context);
  const [one, other] = [from, by].map((each) => withRemote(context, each.configuration(), here));
  const moved = await other!.remote.pullFrom(one!.remote, [upper.path], quiet);
  assert.ok('bytes' in moved && moved.bytes > 5_000_000, JSON.stringify(moved));
  assert.deepEqual(by.store.get(upper.path), upper);
  assert.equal(here.get(upper.path), undefined);
});

test('a realizer takes nothing from one that its operator does not list, and says so', async (context) => {
  const from = await withRealizer(context);
  const by = await withRealizer(context);
  const { upper } = await addPair(from.store);
  const here = withStore(context);
  const [one, other] = [from, by].map((each) => withRemote(context, each.configuration(), here));
  const refused = await other!.remote.pullFrom(one!.remote, [upper.path], quiet);
  assert.ok('refusal' in refused);
  assert.match(refused.refusal, /takes outputs from no realizer at http:.*\[peers\] allow/);
});

test('a realizer that cannot reach another says so, and goes on with all else', async (context) => {
  const from = await withRealizer(context, { settings: 'public-address = "http://127.0.0.1:1"' });
  const by = await withRealizer(context, {
    toml: '[anonymous]\nmay = ["read", "write"]\n[peers]\nallow = ["http://127.0.0.1:1"]',
  });
  const { upper } = await addPair(from.store);
  const here = withStore(context);
  const [one, other] = [from, by].map((each) => withRemote(context, each.configuration(), here));
  const refused = await other!.remote.pullFrom(one!.remote, [upper.path], quiet);
  assert.ok('refusal' in refused);
  assert.match(refused.refusal, /127\.0\.0\.1:1.*cannot be reached: connection refused/);
  assert.equal(await other!.has(upper.path), false);
});

/** Does something once, when so many calls of a method have ended. */
function atCall(rpc: string, count: number, act: () => void): (event: ServerEvent) => void {
  let ended = 0;
  return (event) => {
    if (event.type === 'call-ended' && event.rpc === rpc && ++ended === count) act();
  };
}

const batchUpdate = 'ContentAddressableStorage/BatchUpdateBlobs';
const batchRead = 'ContentAddressableStorage/BatchReadBlobs';

for (const [rpc, count] of [
  ['Realizer/FindOutputs', 1],
  [batchUpdate, 3],
  ['ContentAddressableStorage/FindMissingBlobs', 2],
  ['Realizer/AddOutputs', 1],
] as const) {
  test(`a transfer to a realizer goes on when its connection is cut at ${rpc}`, async (context) => {
    let cuts = 0;
    const server: TestRealizer = await withRealizer(context, {
      observe: atCall(rpc, count, () => {
        cuts++;
        server.barrier.cut();
      }),
    });
    const here = withStore(context);
    const output = await addMany(here, 120, 100_000);
    const remote = withRemote(context, server.configuration(), here);
    assert.equal((await remote.remote.push([output.path], quiet)).outputs, 1);
    assert.equal(cuts, 1);
    assert.deepEqual(server.store.get(output.path), output);
    assert.equal(server.store.isWhole(output.path), true);
  });
}

test('a transfer to a realizer goes on when that was started again in its middle', async (context) => {
  let restarted: Promise<void> | undefined;
  const server: TestRealizer = await withRealizer(context, {
    observe: atCall(batchUpdate, 2, () => {
      restarted = server.stop().then(() => server.startAgain());
    }),
  });
  const here = withStore(context);
  const output = await addMany(here, 120, 100_000);
  const remote = withRemote(context, server.configuration(), here);
  assert.equal((await remote.remote.push([output.path], quiet)).outputs, 1);
  assert.ok(restarted !== undefined);
  await restarted;
  assert.equal(server.store.isWhole(output.path), true);
});

test('a transfer from a realizer goes on when its connection is cut', async (context) => {
  const server: TestRealizer = await withRealizer(context, {
    observe: atCall(batchRead, 3, () => server.barrier.cut()),
  });
  const output = await addMany(server.store, 120, 100_000);
  const here = withStore(context);
  const remote = withRemote(context, server.configuration(), here);
  await remote.remote.fetch([output.path], quiet);
  assert.equal(here.isWhole(output.path), true);
});

test('what came before a transfer was given up is kept', async (context) => {
  const controller = new AbortController();
  const server = await withRealizer(context, {
    observe: atCall(batchRead, 6, () => controller.abort()),
  });
  const output = await addMany(server.store, 360, 100_000);
  const here = withStore(context);
  const remote = withRemote(context, server.configuration(), here);
  await assert.rejects(remote.remote.fetch([output.path], { ...quiet, signal: controller.signal }), {
    name: 'AbortError',
  });
  assert.equal(here.get(output.path), undefined);
  const { bytes } = await remote.remote.fetch([output.path], quiet);
  assert.ok(bytes < output.size - 2_000_000, `${bytes} bytes of ${output.size} came again`);
  assert.equal(here.isWhole(output.path), true);
});
