import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import {
  git,
  makeLarge,
  makeRepository,
  makeTemporaryFolder,
  makeVaried,
  removeFolder,
  type Repository,
} from './index.ts';

async function withFolder(context: TestContext): Promise<string> {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  return path.join(folder, 'r.git');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('the same story makes the same commits', async (context) => {
  const tell = async (): Promise<string> => {
    const repository = await makeRepository(await withFolder(context));
    await repository.write({ a: '1', b: '2' }).commit('First');
    return repository.write({ b: null, 'c/d': '3' }).commit('Second');
  };
  assert.equal(await tell(), await tell());
});

test('an archive holds files, executables and links, of the whole tree or of a folder', async (context) => {
  const repository = await makeRepository(await withFolder(context));
  await repository
    .write({ a: '1', 'd/run': { content: '2', executable: true }, 'd/link': { symlink: '../a' } })
    .commit();
  assert.deepEqual(
    await repository.archive('main', 'd'),
    new Map([
      ['link', { kind: 'symlink', target: '../a' }],
      ['run', { kind: 'file', executable: true, sha256: sha256('2') }],
    ]),
  );
  assert.deepEqual([...(await repository.archive()).keys()], ['a', 'd/link', 'd/run']);
});

test('a revert has the tree before the last commit', async (context) => {
  const repository = await makeRepository(await withFolder(context));
  const first = await repository.write({ a: '1' }).commit();
  await repository.write({ a: '2', b: '2' }).commit();
  const reverted = await repository.revert();
  assert.notEqual(reverted, first);
  assert.deepEqual(await repository.archive(reverted), await repository.archive(first));
});

test('branches and tags name what they were made from', async (context) => {
  const repository = await makeRepository(await withFolder(context));
  const first = await repository.write({ a: '1' }).commit();
  assert.equal(await repository.tag('light'), first);
  const annotated = await repository.tag('v1', 'Version 1');
  assert.notEqual(annotated, first);
  assert.equal(await repository.resolve('v1^{commit}'), first);
  await repository.branch('other');
  const second = await repository.write({ a: '2' }).commit();
  assert.equal(await repository.resolve('other'), second);
  assert.equal(await repository.resolve('main'), first);
});

test('a rewritten history no longer has the old commit', async (context) => {
  const repository = await makeRepository(await withFolder(context));
  const first = await repository.write({ a: '1' }).commit();
  const second = await repository.rewrite();
  assert.notEqual(first, second);
  await assert.rejects(git(['cat-file', '-e', first], { folder: repository.folder }));
  assert.equal((await repository.archive(second)).size, 1);
});

test('the varied repository has deltas, executables, links and names that are not ASCII', async (context) => {
  const repository = await makeVaried(await withFolder(context));
  const tree = await repository.archive();
  assert.ok(tree.has('names/日本語/ファイル'));
  assert.deepEqual(tree.get('link-to-nothing'), { kind: 'symlink', target: 'no/such/place' });
  assert.equal(tree.get('empty')?.kind, 'file');
  assert.ok((await countDeltas(repository)) > 20);
});

async function countDeltas(repository: Repository): Promise<number> {
  const bases = await git(['cat-file', '--batch-all-objects', '--batch-check=%(deltabase)'], {
    folder: repository.folder,
  });
  return bases.split('\n').filter((base) => /[1-9a-f]/.test(base)).length;
}

test('a large repository has as many files and bytes as asked for, and the same for the same seed', async (context) => {
  const options = { files: 300, bytes: 2_000_000, seed: 5, report: () => {} };
  const one = await makeLarge(await withFolder(context), options);
  const other = await makeLarge(await withFolder(context), options);
  assert.equal(await one.resolve('main'), await other.resolve('main'));
  const listing = await git(['ls-tree', '-r', '-l', 'main'], { folder: one.folder });
  const sizes = listing.split('\n').map((line) => Number(line.split(/\s+/)[3]));
  assert.equal(sizes.length, 300);
  assert.ok(Math.abs(sizes.reduce((sum, size) => sum + size, 0) - 2_000_000) < 1000);
});
