import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import type { OutputRecord } from '../../src/store/index.ts';
import { type Repository, chooseSeed, git, makeLarge, makeVaried, randomFrom } from '../support/index.ts';
import { FetchRig, type Fetched } from './support/fetch-rig.ts';

interface Known {
  readonly rig: FetchRig;
  readonly repository: Repository;
  /** What the first fetch came to; its parts are known. */
  readonly first: Fetched;
}

async function withKnown(
  context: TestContext,
  make: (folder: string) => Promise<Repository>,
): Promise<Known> {
  const rig = await FetchRig.create(context);
  const repository = await make(rig.place('o/r.git'));
  const first = await rig.git('o/r', 'main');
  rig.remember(first);
  rig.server.reset();
  return { rig, repository, first };
}

/** Fetches main, which must come as git archives it, and answers what it was. */
async function fetchAgain({ rig, repository }: Known, subtree = '', name = 'o/r'): Promise<Fetched> {
  rig.server.reset();
  const fetched = await rig.git(name, 'main', subtree);
  assert.deepEqual(fetched.log, []);
  const expected = await repository.archive('main', subtree === '' ? undefined : subtree);
  assert.deepEqual(fetched.tree, expected);
  return fetched;
}

/** All objects that were asked for by their ids, without the commit. */
async function wantsOf({ rig, repository }: Known): Promise<readonly string[]> {
  const commit = await repository.resolve('main');
  return rig.server.fetches.flatMap(({ wants = [] }) => wants).filter((id) => id !== commit);
}

function large(folder: string): Promise<Repository> {
  return makeLarge(folder, { files: 800, bytes: 4_000_000, seed: 5, report: () => {} });
}

test('an update after a change of one file is the trees on its way, and the file', async (context) => {
  const known = await withKnown(context, large);
  const { rig, repository } = known;
  await repository.write({ 'part-3/section-3/file-3.txt': 'changed\n' }).commit();
  await fetchAgain(known);
  const expected = ['main:part-3', 'main:part-3/section-3', 'main:part-3/section-3/file-3.txt'];
  assert.deepEqual(
    await wantsOf(known),
    await Promise.all(expected.map((revision) => repository.resolve(revision))),
  );
  assert.ok(rig.server.bytes < 16_384, `${rig.server.bytes} bytes`);
  context.diagnostic(`${rig.server.requests.length} requests, ${rig.server.bytes} bytes`);
});

test('a commit with the same tree, and a tree from before, are placed whole', async (context) => {
  const known = await withKnown(context, makeVaried);
  const { repository } = known;
  await repository.commit('Nothing changes');
  await fetchAgain(known);
  assert.deepEqual(await wantsOf(known), []);
  await repository.write({ 'README.md': 'other\n' }).commit();
  known.rig.remember(await fetchAgain(known));
  await repository.revert();
  await fetchAgain(known);
  assert.deepEqual(await wantsOf(known), []);
});

test('a fork at another address costs only what it changed', async (context) => {
  const known = await withKnown(context, large);
  const { rig, repository } = known;
  await git(['clone', '--quiet', '--bare', repository.folder, rig.place('p/fork.git')]);
  await git(['config', 'uploadpack.allowFilter', 'true'], { folder: rig.place('p/fork.git') });
  await fetchAgain(known, '', 'p/fork');
  assert.deepEqual(await wantsOf(known), []);
  assert.ok(rig.server.bytes < 4096, `${rig.server.bytes} bytes`);
});

test('deletions, renames, new modes, links and kinds come as git has them', async (context) => {
  const known = await withKnown(context, makeVaried);
  const { rig, repository } = known;
  await repository
    .write({
      'bin/run': null,
      'similar/0.txt': null,
      'similar/renamed.txt': 'new\n',
      'empty-and-executable': '',
      empty: { content: '', executable: true },
      'link-to-file': { symlink: 'bin' },
      'deep/link-upwards': 'no link any more\n',
      'README.md': { symlink: 'names' },
      'order/a.b': null,
      'order/a.b/now-a-directory': '1',
      'new/one': '1',
      'new/below/two': '2',
    })
    .commit();
  rig.remember(await fetchAgain(known));
  await git(['config', 'uploadpackfilter.tree.maxDepth', '0'], { folder: repository.folder });
  await repository.write({ 'names/-dash': null, 'new/below/three': '3' }).commit();
  await fetchAgain(known);
});

test('whatever changes, it comes as git archives it', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const known = await withKnown(context, makeVaried);
  const { rig, repository } = known;
  for (let round = 0; round < 4; round++) {
    const names = [...(await repository.archive('main')).keys()].filter((name) => !name.endsWith('/'));
    const changes = new Map(
      names
        .filter(() => random() < 0.1)
        .map((name) => [name, random() < 0.5 ? null : `${random()}\n`] as const),
    );
    for (let added = 0; added < 20; added++)
      changes.set(`added-${round}/${added % 3}/${added}`, `${random()}\n`);
    await repository.write(changes).commit();
    const fetched = await fetchAgain(known);
    if (random() < 0.7) rig.remember(fetched);
  }
});

test('a sub-tree is asked for alone, and costs little when it is known', async (context) => {
  const known = await withKnown(context, makeVaried);
  const { rig, repository } = known;
  await repository.write({ 'similar/0.txt': 'changed\n' }).commit();
  await fetchAgain(known, 'similar');
  const changed = ['main:similar', 'main:similar/0.txt'];
  assert.deepEqual(
    await wantsOf(known),
    await Promise.all(changed.map((revision) => repository.resolve(revision))),
  );
  await fetchAgain(known, 'deep/deep');
  assert.equal(rig.server.bytes < 4096, true);
});

test('known content that is gone from the store is asked for again', async (context) => {
  const known = await withKnown(context, makeVaried);
  const { rig, repository, first } = known;
  assert.ok(first.result.outcome === 'finished');
  const { store } = rig.rig;
  const root = store.getTree((first.result.outputs['out'] as OutputRecord).tree);
  const file = root.files.find(({ name }) => name === 'no-line-break-at-end');
  assert.ok(file !== undefined);
  await rm(store.blobs.file(file.digest));
  await repository.write({ 'README.md': 'other\n' }).commit();
  await fetchAgain(known);
  assert.ok((await wantsOf(known)).includes(await repository.resolve('main:no-line-break-at-end')));
});

test('a server that refuses objects by their ids gives everything', async (context) => {
  const known = await withKnown(context, makeVaried);
  const { rig, repository } = known;
  await repository.write({ 'README.md': 'other\n' }).commit();
  const blob = await repository.resolve('main:README.md');
  rig.server.reset();
  rig.server.fault({ kind: 'status', status: 403, match: ({ wants }) => wants?.includes(blob) === true });
  const fetched = await rig.git('o/r', 'main');
  assert.deepEqual(fetched.tree, await repository.archive('main'));
  assert.deepEqual(fetched.log, ['the server gives no parts of a commit, so all of it is fetched']);
});
