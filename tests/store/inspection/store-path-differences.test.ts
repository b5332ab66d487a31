import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StorePath } from '../../../src/foundation/index.ts';
import { StorePathDifferences } from '../../../src/store/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/index.ts';
import { addBuilt } from '../built-outputs.ts';
import { temporaryStore } from '../temporary-store.ts';

test('what differs in hashes and versions of what is referred to differs only in store paths', async () => {
  using place = temporaryStore();
  const { store } = place;
  const lib = (name: string, text: string) => addBuilt(store, name, () => ({ text }));
  const [one, two, newer, other] = [
    await lib('lib-1.0', 'one'),
    await lib('lib-1.0', 'two'),
    await lib('lib-2.0-rc1', 'three'),
    await lib('other-1.0', 'four'),
  ];
  const app = (used: StorePath, text = '', name = 'file', own = '') =>
    addBuilt(
      store,
      'app',
      (self) => ({ [name]: `uses ${used}/text ${text}\n`, self: `${self}${own}`, link: { symlink: used } }),
      [used],
    );
  const base = await app(one.path);
  const cases: readonly (readonly [string, Awaited<ReturnType<typeof app>>, boolean])[] = [
    ['another hash', await app(two.path), true],
    ['another version', await app(newer.path), true],
    ['another package', await app(other.path), false],
    ['other text', await app(two.path, 'more'), false],
    ['another file', await app(two.path, '', 'other'), false],
    ['other text behind its own path', await app(two.path, '', 'file', '!'), false],
  ];
  for (const [title, against, expected] of cases) {
    const differences = new StorePathDifferences(store, [base, against]);
    assert.equal(differences.inTrees(base.tree, against.tree), expected, title);
    assert.equal(differences.inTrees(against.tree, base.tree), expected, title);
  }
});

test('mentions are seen wherever they stand, and nothing else is taken for one', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  using place = temporaryStore();
  const { store } = place;
  const one = await addBuilt(store, 'lib-1', () => ({ text: 'one' }));
  const two = await addBuilt(store, 'lib-20.0', () => ({ text: 'two' }));
  for (let round = 0; round < 30 * fuzzFactor(); round++) {
    // Letters of base32 around it, so that nothing but the hash itself tells where it begins.
    const letters = (count: number): string =>
      Array.from({ length: count }, () => 'abcxyz27-/'.charAt(below(10))).join('');
    const start = below(2) === 0 ? letters(below(200)) : 'abc- '.repeat((1 << 20) / 5 - below(60));
    const pieces = [start, ...Array.from({ length: 1 + below(4) }, () => letters(below(120)))];
    const app = (used: StorePath, end: string) =>
      addBuilt(store, `app-${round}`, () => ({ file: pieces.join(used) + end }), [used]);
    const [left, right] = [await app(one.path, ''), await app(two.path, '')];
    const changed = await app(two.path, 'y');
    const blob = ({ tree }: { readonly tree: typeof left.tree }) =>
      store.getTree(tree).files[0]?.digest ?? assert.fail();
    const differences = new StorePathDifferences(store, [left, right]);
    assert.equal(differences.inBlobs(blob(left), blob(right)), true);
    assert.equal(differences.inBlobs(blob(left), blob(changed)), false);
  }
});
