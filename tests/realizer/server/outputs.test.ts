import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import {
  AddOutputsRequestSchema,
  FindOutputsRequestSchema,
  type Output,
  OutputSchema,
} from '../../../src/realizer/protocol/index.ts';
import { addOutputs } from '../../../src/realizer/server/services/realizer/add-outputs.ts';
import { findOutputs } from '../../../src/realizer/server/services/realizer/find-outputs.ts';
import { StoreContent } from '../../../src/realizer/server/content/store-content.ts';
import type { Store } from '../../../src/store/index.ts';
import { addBuilt } from '../../store/built-outputs.ts';
import { temporaryStore } from '../../store/temporary-store.ts';
import { digestBy } from './contents.ts';

const invalid = (message: RegExp) => (error: unknown) =>
  error instanceof ConnectError && error.code === Code.InvalidArgument && message.test(error.message);

async function find(store: Store, paths: readonly string[], closure = false): Promise<readonly Output[]> {
  return (await findOutputs(create(FindOutputsRequestSchema, { paths: [...paths], closure }), { store }))
    .outputs;
}

/** Time of the processor, so that what else the machine does counts for nothing. */
function busyMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function add(store: Store, outputs: readonly Output[]) {
  return await addOutputs(create(AddOutputsRequestSchema, { outputs: [...outputs] }), { store });
}

/** Uploads contents as a client does. */
async function upload(from: Store, to: Store, digests: readonly { readonly hash: string }[]): Promise<void> {
  const content = new StoreContent(to);
  for (const { hash } of digests) {
    const digest = hash as ReturnType<typeof digestOf>;
    const bytes = from.hasTree(digest) ? from.getTreeEncoding(digest) : from.blobs.read(digest);
    assert.ok(await content.put(digestBy('blake3', bytes), bytes));
  }
}

test('outputs that are found in one store are added to another, once all that is lacking has come', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const lower = await addBuilt(here.store, 'lower', () => ({ 'a/b/file': 'lower' }));
  const upper = await addBuilt(here.store, 'upper', (own) => ({ file: `${lower.path} ${own}` }), [
    lower.path,
  ]);
  assert.deepEqual(
    (await find(here.store, [upper.path])).map((each) => each.path),
    [upper.path],
  );
  const outputs = await find(here.store, [upper.path], true);
  assert.deepEqual(
    outputs.map((each) => each.path),
    [lower.path, upper.path],
  );
  let rounds = 0;
  for (; ; rounds++) {
    const { missingDirectories, missingBlobs } = await add(there.store, outputs);
    if (missingDirectories.length + missingBlobs.length === 0) break;
    assert.deepEqual(await find(there.store, [lower.path, upper.path]), []);
    await upload(here.store, there.store, [...missingDirectories, ...missingBlobs]);
  }
  assert.equal(rounds, 4);
  assert.deepEqual(await find(there.store, [upper.path], true), outputs);
  assert.ok(there.store.isWhole(upper.path));
});

test('what is malformed, or not what it says, is told as the fault of the caller', async () => {
  using place = temporaryStore();
  const { store } = place;
  const output = await addBuilt(store, 'output', () => ({ file: 'text' }));
  const [found] = await find(store, [output.path]);
  assert.ok(found !== undefined);
  for (const bad of [
    '',
    '/cab/store',
    '/etc/passwd',
    `${output.path}/file`,
    `/cab/store/../${output.path}`,
  ]) {
    await assert.rejects(find(store, [bad]), invalid(/no path of a store/));
    await assert.rejects(add(store, [{ ...found, path: bad }]), invalid(/malformed/));
    await assert.rejects(add(store, [{ ...found, references: [bad] }]), invalid(/malformed/));
  }
  for (const sizeBytes of [-1n, 1n << 60n]) {
    const tree = { ...(found.tree ?? assert.fail()), sizeBytes };
    await assert.rejects(add(store, [create(OutputSchema, { ...found, tree })]), invalid(/malformed/));
  }
  const other = storePath(hashPartOf(digestOf('other')), 'output');
  await assert.rejects(add(store, [{ ...found, path: other }]), invalid(/not the one that its path names/));
  await assert.rejects(
    find(
      store,
      Array.from({ length: 20_001 }, () => other),
    ),
    invalid(/at most 20000/),
  );
  await assert.rejects(
    add(
      store,
      Array.from({ length: 20_001 }, () => found),
    ),
    invalid(/at most 20000/),
  );
});

test('an output of many files is added with turns for others', async (t) => {
  using here = temporaryStore();
  using there = temporaryStore();
  const files = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [path.join(`d${index % 150}`, `f${index}`), `text ${index}`]),
  );
  const output = await addBuilt(here.store, 'output', () => files);
  const outputs = await find(here.store, [output.path]);
  for (let isDone = false; !isDone;) {
    let longestMs = 0;
    let lastMs = busyMs();
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, busyMs() - lastMs);
      lastMs = busyMs();
    }, 1);
    const { missingDirectories, missingBlobs } = await add(there.store, outputs);
    clearInterval(timer);
    t.diagnostic(
      `${missingDirectories.length} directories and ${missingBlobs.length} blobs lack, others waited ${longestMs.toFixed(0)} ms`,
    );
    await upload(here.store, there.store, [...missingDirectories, ...missingBlobs]);
    isDone = missingDirectories.length + missingBlobs.length === 0;
    assert.ok(longestMs < 500, `others waited ${longestMs} ms`);
  }
  assert.deepEqual(await find(there.store, [output.path]), outputs);
});
