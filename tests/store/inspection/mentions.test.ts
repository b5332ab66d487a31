import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPartOfStorePath, storePath } from '../../../src/foundation/index.ts';
import { MentionFinder, followLinks } from '../../../src/store/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/index.ts';
import { addBuilt } from '../built-outputs.ts';
import { scratchPath, temporaryStore } from '../temporary-store.ts';

test('a mention is told by its file, its line, its first byte and what stands around it', async () => {
  using place = temporaryStore();
  const { store } = place;
  const lib = await addBuilt(store, 'lib', () => ({ file: 'lib' }));
  const { tree } = await addBuilt(
    store,
    'app',
    () => ({
      'bin/run': { executable: `#!/bin/sh\n\n  exec ${lib.path}/file  \n# ${lib.path}\n` },
      'bin/none': 'nothing',
      binary: Buffer.from(`\0\x01letters:${lib.path}/file\0more`),
      link: { symlink: `${lib.path}/file` },
      [`of-${hashPartOfStorePath(lib.path)}`]: 'named',
      copy: { executable: `#!/bin/sh\n\n  exec ${lib.path}/file  \n# ${lib.path}\n` },
    }),
    [lib.path],
  );
  const inRun = { offset: 29, line: 3, text: `exec ${lib.path}/file`, count: 2 };
  assert.deepEqual(
    [...new MentionFinder(store, hashPartOfStorePath(lib.path)).in(tree)],
    [
      { path: '/bin/run', in: 'content', ...inRun },
      { path: '/binary', in: 'content', offset: 21, text: `letters:${lib.path}/file`, count: 1 },
      { path: '/copy', in: 'content', ...inRun },
      { path: '/link', in: 'target', text: `${lib.path}/file`, count: 1 },
      { path: `/of-${hashPartOfStorePath(lib.path)}`, in: 'name', count: 1 },
    ],
  );
});

test('mentions are found wherever they stand in large and small content', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  using place = temporaryStore();
  const { store } = place;
  const hashPart = hashPartOfStorePath(scratchPath('mentioned'));
  const chunk = 1 << 20;
  for (let round = 0; round < 24 * fuzzFactor(); round++) {
    const content = Buffer.alloc(
      below(2) === 0 ? 2 * chunk + below(3000) : 53 + below(400),
      'abcdefg\nhij klm',
    );
    const places = Array.from({ length: below(4) }, () => {
      // Around the end of a piece, where a mention comes in two.
      const near = chunk + below(240) - 180;
      return Math.min(below(2) === 0 ? near : below(content.length), content.length - hashPart.length);
    });
    for (const at of places) content.write(hashPart, at, 'latin1');
    const { tree } = await addBuilt(store, `mentions-${round}`, () => ({ file: content }));
    const [found] = [...new MentionFinder(store, hashPart).in(tree)];
    const text = content.toString('latin1');
    const offset = text.indexOf(hashPart);
    if (offset === -1) assert.equal(found, undefined);
    else {
      assert.ok(found?.in === 'content');
      assert.equal(found.offset, offset);
      assert.equal(found.line, text.slice(0, offset).split('\n').length);
      assert.equal(found.count, text.split(hashPart).length - 1);
      const line = text.split('\n')[found.line - 1] ?? '';
      const shown = found.text.replaceAll('…', '');
      assert.ok(line.includes(shown) && shown.includes(hashPart), `${JSON.stringify(found)} of ${line}`);
    }
  }
});

function found(output: string, inner: string): object {
  return { outcome: 'found', output, inner };
}

test('links are followed within an output, from one into another, and never out of the store', async () => {
  using place = temporaryStore();
  const { store } = place;
  const lib = await addBuilt(store, 'lib', () => ({
    'share/doc': 'text',
    latest: { symlink: 'share' },
    circle: { symlink: 'circle' },
  }));
  const sibling = lib.path.slice('/cab/store/'.length);
  const { path: output } = await addBuilt(
    store,
    'app',
    () => ({
      'deep/in/absolute': { symlink: `${lib.path}/latest` },
      'deep/climbing': { symlink: `../../${sibling}/share/doc` },
      'deep/own': { symlink: '../deep/in' },
      outside: { symlink: '/etc' },
      'deep/above': { symlink: '../../../etc' },
      missing: { symlink: storePath(hashPartOfStorePath(scratchPath('x')), 'x') },
      circle: { symlink: `${lib.path}/circle` },
    }),
    [lib.path],
  );
  const outside = (link: string, target: string) => ({
    outcome: 'outside',
    link: `${output}${link}`,
    target,
  });
  const cases: readonly (readonly [string, object])[] = [
    ['/', found(output, '/')],
    ['/deep/./in/', found(output, '/deep/in')],
    ['/deep/in/absolute/doc', found(lib.path, '/share/doc')],
    ['/deep/in/absolute', found(lib.path, '/share')],
    ['/deep/in/absolute/..', found(lib.path, '/')],
    ['/deep/climbing', found(lib.path, '/share/doc')],
    ['/deep/own/absolute/doc', found(lib.path, '/share/doc')],
    ['/outside/passwd', outside('/outside', '/etc')],
    ['/deep/above', outside('/deep/above', '../../../etc')],
    ['/missing', { outcome: 'nothing' }],
    ['/circle', { outcome: 'nothing' }],
    ['/deep/nothing', { outcome: 'nothing' }],
    ['/deep/climbing/more', { outcome: 'nothing' }],
  ];
  for (const [inner, expected] of cases)
    assert.deepEqual(followLinks(store, { output, inner }), expected, inner);
});
