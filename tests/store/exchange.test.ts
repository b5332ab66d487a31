import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { type StorePath, digestOf, hashPartOf, storePath } from '../../src/foundation/index.ts';
import {
  type Directory,
  type ExchangedOutput,
  type OutputRecord,
  Store,
  encodeDirectory,
} from '../../src/store/index.ts';
import { chooseSeed, makeOddTree, randomFrom } from '../support/index.ts';
import { addBuilt } from './built-outputs.ts';
import { ageAll, blobNames, collect, commitFiles } from './collecting.ts';
import { digestsOf, offer, receiverOver, sourceOver } from './exchanging.ts';
import { bytes, decay, diagnosed, temporaryStore } from './temporary-store.ts';

/** An output that mentions another one, which mentions a third, and itself. */
async function makeClosure(store: Store): Promise<readonly OutputRecord[]> {
  const lowest = await addBuilt(store, 'lowest', () => ({ file: 'lowest' }));
  const lower = await addBuilt(store, 'lower', () => ({ 'a/link': { symlink: `${lowest.path}/file` } }), [
    lowest.path,
  ]);
  const upper = await addBuilt(
    store,
    'upper',
    (own) => ({ 'bin/tool': { executable: `#!${lower.path}\n${own}/bin/tool` }, 'empty/file': '' }),
    [lower.path],
  );
  return [lowest, lower, upper];
}

function assertSame(from: Store, to: Store, paths: readonly StorePath[]): void {
  for (const output of paths) {
    assert.deepEqual(to.get(output), from.get(output));
    assert.ok(to.isWhole(output), `${output} is not whole`);
  }
}

async function assertSound(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
}

for (const way of ['sent', 'taken'] as const) {
  test(`a closure that is ${way} is in the other store as it was in the first`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    using here = temporaryStore();
    using there = temporaryStore();
    const outputs = (await makeClosure(here.store)).map(({ path: output }) => output);
    for (const [index, size] of [0, 5, 300].entries()) {
      const folder = path.join(here.work, `odd${index}`);
      await makeOddTree(folder, size, random);
      outputs.push(here.store.addLocal(folder, `odd${index}`));
    }
    const wanted = outputs.slice(2);
    if (way === 'sent') {
      const sent = await here.store.sendOutputs(wanted, receiverOver(here.store, there.store));
      assert.deepEqual(new Set(sent.map(({ path: output }) => output)), new Set(outputs));
    } else {
      const offered = await offer(here.store, wanted);
      const lacking = await there.store.takeOutputs(offered, sourceOver(here.store, there.store));
      assert.deepEqual(lacking, { directories: [], blobs: [] });
    }
    assertSame(here.store, there.store, outputs);
    await assertSound(there.store);
    const again = receiverOver(here.store, there.store);
    assert.deepEqual(await here.store.sendOutputs(wanted, again), []);
    assert.deepEqual(again.traffic, { asked: 0, sent: [] });
  });
}

test('a closure is told with each output behind what it refers to', async () => {
  using place = temporaryStore();
  const outputs = await makeClosure(place.store);
  const unknown = storePath(hashPartOf(digestOf('unknown')), 'unknown');
  const paths = outputs.map(({ path: output }) => output);
  const upper = paths[2] as StorePath;
  const closure = await place.store.findClosure([unknown, upper]);
  assert.deepEqual(
    closure.map(({ path: output }) => output),
    paths,
  );
  for (const { treeSize, ...record } of closure) {
    assert.deepEqual(record, place.store.get(record.path));
    assert.equal(treeSize, place.store.getTreeEncoding(record.tree).length);
  }
  assert.deepEqual(await place.store.findOutputs([upper, unknown, upper]), closure.slice(2));
});

test('after a change of one file only that and the directories above it are sent', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const files = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`d${index % 20}/f${index}`, `text ${index}`]),
  );
  const before = commitFiles(here.store, files);
  await here.store.sendOutputs([before.path], receiverOver(here.store, there.store));
  const after = commitFiles(here.store, { ...files, 'd7/f7': 'changed' });
  const receiver = receiverOver(here.store, there.store);
  await here.store.sendOutputs([after.path], receiver);
  assert.equal(receiver.traffic.sent.length, 3);
  assert.ok(receiver.traffic.asked < 50, `${receiver.traffic.asked} contents were asked for`);
  assertSame(here.store, there.store, [after.path]);
});

test('what an output had in common with one that was collected is lacking again', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const files = { 'a/x': 'x', 'a/y': 'y', 'b/z': 'z' };
  const lower = await addBuilt(here.store, 'lower', () => ({ file: 'lower' }));
  const before = commitFiles(here.store, { ...files, 'a/link': lower.path }, [lower.path]);
  await here.store.sendOutputs([before.path], receiverOver(here.store, there.store));
  const after = commitFiles(here.store, { ...files, 'a/link': lower.path, 'b/z': 'changed' }, [lower.path]);
  const [, offered] = await offer(here.store, [after.path]);
  assert.ok(offered !== undefined);
  const lacking = await there.store.takeUploadedOutputs([offered]);
  assert.deepEqual(lacking, { directories: [{ digest: after.tree, size: offered.treeSize }], blobs: [] });

  ageAll(there.store);
  const other = Store.open(there.store.folder);
  await collect(other);
  other.close();
  there.store.blobs.put(here.store.getTreeEncoding(after.tree));
  await assert.rejects(there.store.takeUploadedOutputs([offered]), diagnosed('CAB5032', /refers to/));
  const receiver = receiverOver(here.store, there.store);
  await here.store.sendOutputs([after.path], receiver);
  assert.ok(digestsOf(receiver.traffic.sent).has(digestOf('x')));
  assertSame(here.store, there.store, [after.path, lower.path]);
  await assertSound(there.store);
});

test('what is lacking is told exactly, directories and blobs apart, and nothing is recorded', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const output = commitFiles(here.store, { 'a/x': 'x', 'b/y': 'y', 'b/z': 'z', top: 'top' });
  const [offered] = await offer(here.store, [output.path]);
  assert.ok(offered !== undefined);
  const { directories } = here.store.getTree(output.tree);
  const [a, b] = directories;
  assert.ok(a !== undefined && b !== undefined);
  const add = () => there.store.takeUploadedOutputs([offered]);
  const put = (content: Uint8Array) => there.store.blobs.put(content);

  assert.deepEqual(await add(), {
    directories: [{ digest: output.tree, size: offered.treeSize }],
    blobs: [],
  });
  put(here.store.getTreeEncoding(output.tree));
  put(here.store.getTreeEncoding(b.digest));
  const lacking = await add();
  assert.deepEqual(lacking.directories, [{ digest: a.digest, size: a.size }]);
  assert.deepEqual(digestsOf(lacking.blobs), new Set(['y', 'z', 'top'].map((text) => digestOf(text))));
  assert.equal(there.store.get(output.path), undefined);
  assert.equal(there.store.hasTree(output.tree), false);
  put(here.store.getTreeEncoding(a.digest));
  for (const text of ['y', 'z', 'top']) put(bytes(text));
  assert.deepEqual(await add(), { directories: [], blobs: [{ digest: digestOf('x'), size: 1 }] });
  put(bytes('x'));
  assert.deepEqual(await add(), { directories: [], blobs: [] });
  assertSame(here.store, there.store, [output.path]);
  await assertSound(there.store);
});

test('a directory that is there without what is in it is no reason to leave that out', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const output = commitFiles(here.store, { 'a/x': 'x', 'a/y': 'y' });
  const receiver = receiverOver(here.store, there.store);
  there.store.putTree(
    here.store.getTreeEncoding(here.store.getTree(output.tree).directories[0]?.digest ?? assert.fail()),
  );
  await here.store.sendOutputs([output.path], receiver);
  assertSame(here.store, there.store, [output.path]);
});

test('a file that holds a directory encoded, and a directory that was uploaded as a file, are each taken for the other', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const { store } = here;
  const inner = commitFiles(store, { file: 'inner' });
  const encoding = store.getTreeEncoding(inner.tree);
  const copy = store.blobs.put(encoding);
  const root: Directory = {
    files: [{ name: 'encoded', ...copy, executable: false }],
    directories: [{ name: 'inner', ...copy }],
    symlinks: [],
  };
  const { digest } = store.putTree(encodeDirectory(root));
  const output = {
    path: storePath(hashPartOf(digest), 'both'),
    tree: digest,
    size: 5 + copy.size,
    references: [],
  };
  store.commit({ outputs: [output] });
  await here.store.sendOutputs([inner.path], receiverOver(here.store, there.store));
  await here.store.sendOutputs([output.path], receiverOver(here.store, there.store));
  assertSame(here.store, there.store, [output.path]);
});

/** An output as somebody offers it who has uploaded all of it, but for what is said otherwise. */
function uploaded(store: Store, root: Directory, said: Partial<ExchangedOutput> = {}): ExchangedOutput {
  const encoding = encodeDirectory(root);
  return offerOf(store, encoding, said);
}

function offerOf(store: Store, encoding: Uint8Array, said: Partial<ExchangedOutput> = {}): ExchangedOutput {
  const { digest, size } = store.blobs.put(encoding);
  const output = { path: storePath(hashPartOf(digest), 'output'), tree: digest, treeSize: size, size: 4 };
  return { ...output, references: [], ...said };
}

const text = (name: string) => ({ name, digest: digestOf('text'), size: 4, executable: false });
const plain: Directory = { files: [text('file')], directories: [], symlinks: [] };
const other = storePath(hashPartOf(digestOf('other')), 'other');

const refused: readonly (readonly [string, (store: Store) => ExchangedOutput, RegExp])[] = [
  ['has another path', (store) => uploaded(store, plain, { path: other }), /not the one that its path names/],
  ['has files of another size', (store) => uploaded(store, plain, { size: 5 }), /have 4 bytes, and not 5/],
  ['has a root of another size', (store) => uploaded(store, plain, { treeSize: 3 }), /bytes, and not 3/],
  [
    'refers to what is not there',
    (store) => uploaded(store, plain, { references: [other] }),
    /refers to .*other/,
  ],
  [
    'says another size of a file',
    (store) => uploaded(store, { ...plain, files: [{ ...text('file'), size: 5 }] }, { size: 5 }),
    /has 4 bytes, and not 5/,
  ],
  [
    'says two sizes of one file',
    (store) => uploaded(store, { ...plain, files: [text('a'), { ...text('b'), size: 5 }] }),
    /said to have 4 bytes, and 5/,
  ],
  [
    'has a name that leads out',
    (store) => uploaded(store, { ...plain, files: [text('..')] }),
    /the name '\.\.'/,
  ],
  [
    'has a name with a slash',
    (store) => uploaded(store, { ...plain, files: [text('a/b')] }),
    /the name 'a\/b'/,
  ],
  ['has a name twice', (store) => uploaded(store, { ...plain, files: [text('a'), text('a')] }), /'a' twice/],
  [
    'has a name that no disk takes',
    (store) => uploaded(store, { ...plain, files: [text('n'.repeat(256))] }),
    /longer than 255 bytes/,
  ],
  ['has a root that is no directory', (store) => offerOf(store, bytes('text')), /cannot be taken/],
  [
    'has a root in another order',
    (store) =>
      offerOf(
        store,
        Buffer.concat(['b', 'a'].map((name) => encodeDirectory({ ...plain, files: [text(name)] }))),
        { size: 8 },
      ),
    /not the canonical one/,
  ],
];

for (const [what, make, message] of refused) {
  test(`an output is refused that ${what}, and nothing is recorded`, async () => {
    using place = temporaryStore();
    place.store.blobs.put(bytes('text'));
    const output = make(place.store);
    await assert.rejects(place.store.takeUploadedOutputs([output]), diagnosed('CAB5032', message));
    assert.equal(place.store.get(output.path), undefined);
    await assertSound(place.store);
  });
}

test('directories nested without end are refused', async () => {
  using place = temporaryStore();
  let child = place.store.blobs.put(encodeDirectory(plain));
  place.store.blobs.put(bytes('text'));
  for (let depth = 0; depth < 1001; depth++) {
    const encoding = encodeDirectory({ files: [], directories: [{ name: 'a', ...child }], symlinks: [] });
    child = place.store.blobs.put(encoding);
  }
  const output = offerOf(place.store, place.store.blobs.read(child.digest));
  await assert.rejects(
    place.store.takeUploadedOutputs([output]),
    diagnosed('CAB5032', /nested more than 1000/),
  );
});

test('references are those that the content mentions, whatever is said', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const [lowest, lower, upper] = await makeClosure(here.store);
  assert.ok(lowest !== undefined && lower !== undefined && upper !== undefined);
  const offered = await offer(here.store, [upper.path]);
  const lying = offered.map((output) => ({ ...output, references: [] }));
  assert.deepEqual(await there.store.takeOutputs(lying, sourceOver(here.store, there.store)), {
    directories: [],
    blobs: [],
  });
  assertSame(here.store, there.store, [lowest.path, lower.path, upper.path]);
});

test('an output that came before what it refers to is known to refer to it once that comes', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const [lowest, lower, upper] = await makeClosure(here.store);
  assert.ok(lowest !== undefined && lower !== undefined && upper !== undefined);
  const [alone] = (await offer(here.store, [upper.path])).filter(({ path: output }) => output === upper.path);
  assert.ok(alone !== undefined);
  await there.store.takeOutputs([{ ...alone, references: [] }], sourceOver(here.store, there.store));
  assert.deepEqual(there.store.get(upper.path)?.references, [upper.path]);
  await here.store.sendOutputs([upper.path], receiverOver(here.store, there.store));
  assertSame(here.store, there.store, [lowest.path, lower.path, upper.path]);
  const again = receiverOver(here.store, there.store);
  assert.deepEqual(await here.store.sendOutputs([upper.path], again), []);
});

test('a mention is found in content with more possible mentions than are kept in mind', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const random = randomFrom(7);
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const noise = Array.from({ length: 300_000 }, () => letters[Math.floor(random() * 32)]).join('');
  const lower = await addBuilt(here.store, 'lower', () => ({ file: 'lower' }));
  const upper = await addBuilt(
    here.store,
    'upper',
    (own) => ({ file: `${noise} ${lower.path} ${noise}`, self: `${noise}${own}` }),
    [lower.path],
  );
  assert.deepEqual(new Set(upper.references), new Set([lower.path, upper.path]));
  await here.store.sendOutputs([upper.path], receiverOver(here.store, there.store));
  assertSame(here.store, there.store, [lower.path, upper.path]);
});

test('what has decayed on the other side is lacking there, and sent again', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const output = commitFiles(here.store, { 'a/x': 'x' });
  const root = there.store.blobs.put(here.store.getTreeEncoding(output.tree));
  decay(
    there.store.blobs.pathOf(root.digest, false),
    'something else'.padEnd(root.size, ' ').slice(0, root.size),
  );
  await here.store.sendOutputs([output.path], receiverOver(here.store, there.store));
  assertSame(here.store, there.store, [output.path]);
});

test('a store that loses what it is sent is told of', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const output = commitFiles(here.store, { 'a/x': 'x' });
  const receiver = { ...receiverOver(here.store, there.store), send: async () => undefined };
  await assert.rejects(
    here.store.sendOutputs([output.path], receiver),
    diagnosed('CAB5033', /loses what it is sent/),
  );
});

test('many outputs that come at once are all recorded, and a collection beside them takes nothing away', async () => {
  using here = temporaryStore();
  using there = temporaryStore();
  const outputs: OutputRecord[] = [];
  for (let index = 0; index < 30; index++) {
    outputs.push(
      commitFiles(here.store, { [`d${index % 5}/f`]: `${index % 7}`, own: `${index}`, shared: 'shared' }),
    );
  }
  ageAll(there.store);
  const done = new AbortController();
  const collections = (async () => {
    let count = 0;
    for (; !done.signal.aborted; count++) await collect(there.store);
    return count;
  })();
  const serving = Store.open(there.store.folder);
  await Promise.all(
    outputs.map((output) => here.store.sendOutputs([output.path], receiverOver(here.store, serving))),
  );
  done.abort();
  assert.ok((await collections) > 0);
  assertSame(
    here.store,
    serving,
    outputs.map(({ path: output }) => output),
  );
  await assertSound(serving);
  assert.ok(blobNames(serving).length > 30);
  serving.close();
});
