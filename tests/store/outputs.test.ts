import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DerivationId } from '../../src/derivations/index.ts';
import { type StorePath, digestOf, hashPartOf, storePath } from '../../src/foundation/index.ts';
import { type Directory, type OutputRecord, type Store, encodeDirectory } from '../../src/store/index.ts';
import { bytes, diagnosed, temporaryStore } from './temporary-store.ts';

const derivation = (seed: string): DerivationId => hashPartOf(digestOf(seed)) as string as DerivationId;

/** Commits an output that holds one file with this text. */
function commitText(store: Store, text: string, references: readonly StorePath[] = []): OutputRecord {
  const file = { name: 'text', ...store.blobs.put(bytes(text)), executable: false };
  const { digest } = store.putTree(encodeDirectory({ files: [file], directories: [], symlinks: [] }));
  const path = storePath(hashPartOf(digest), 'text');
  const output = { path, tree: digest, size: file.size, references };
  store.commit({ outputs: [output] });
  return output;
}

test('what was committed is there, with its references', () => {
  using place = temporaryStore();
  const first = commitText(place.store, 'first');
  const second = commitText(place.store, 'second', [first.path]);
  assert.deepEqual(place.store.get(second.path), second);
  assert.ok(place.store.has(first.path));
  assert.equal(place.store.has(storePath(hashPartOf(digestOf('x')), 'x')), false);
  assert.equal(place.store.get(storePath(hashPartOf(digestOf('x')), 'x')), undefined);
});

test('the closure holds all that is referred to, once, and outputs that refer to themselves', () => {
  using place = temporaryStore();
  const { store } = place;
  const a = commitText(store, 'a');
  const b = commitText(store, 'b', [a.path]);
  const c = commitText(store, 'c', [a.path, b.path]);
  commitText(store, 'unrelated');
  assert.deepEqual(store.closure([c.path]), [a.path, b.path, c.path].toSorted());
  assert.deepEqual(store.closure([]), []);
  store.commit({ outputs: [{ ...a, references: [a.path] }] });
  assert.deepEqual(store.closure([a.path]), [a.path]);
  const missing = storePath(hashPartOf(digestOf('x')), 'x');
  assert.throws(() => store.closure([missing]), diagnosed('CAB5004', /x/));
});

test('a change happens as a whole or not at all', () => {
  using place = temporaryStore();
  const { store } = place;
  const known = commitText(store, 'known');
  const missing = storePath(hashPartOf(digestOf('x')), 'x');
  const output = { ...known, path: storePath(hashPartOf(known.tree), 'other') };
  assert.throws(() =>
    store.commit({
      outputs: [output],
      realisations: [{ derivation: derivation('d'), output: 'out', path: missing }],
    }),
  );
  assert.equal(store.has(output.path), false);
  assert.throws(() => store.commit({ outputs: [{ ...output, references: [missing] }] }));
  assert.equal(store.has(output.path), false);
});

test('a path cannot come to mean another tree', () => {
  using place = temporaryStore();
  const known = commitText(place.store, 'known');
  const other = commitText(place.store, 'other');
  assert.throws(() => place.store.commit({ outputs: [{ ...known, tree: other.tree }] }));
  assert.deepEqual(place.store.get(known.path), known);
});

test('realisations are found by derivation and output, the last one counts', () => {
  using place = temporaryStore();
  const { store } = place;
  const [a, b] = [commitText(store, 'a'), commitText(store, 'b')];
  const key = { derivation: derivation('d'), output: 'out' };
  store.commit({ outputs: [], realisations: [{ ...key, path: a.path }] });
  assert.equal(store.findRealisation(key.derivation, 'out'), a.path);
  assert.equal(store.findRealisation(key.derivation, 'dev'), undefined);
  assert.equal(store.findRealisation(derivation('e'), 'out'), undefined);
  store.commit({ outputs: [], realisations: [{ ...key, path: b.path }] });
  assert.equal(store.findRealisation(key.derivation, 'out'), b.path);
});

test('claims count within their scope', () => {
  using place = temporaryStore();
  const { store } = place;
  const { path } = commitText(store, 'a');
  const scope = derivation('scope');
  const claims = [
    { format: 'git', value: '3f2c' },
    { format: 'cab', value: 'zz' },
  ];
  store.commit({ outputs: [], claims: claims.map((claim) => ({ scope, claim, path })) });
  assert.equal(store.findClaim(scope, { format: 'git', value: '3f2c' }), path);
  assert.equal(store.findClaim(scope, { format: 'git', value: '3f2d' }), undefined);
  assert.equal(store.findClaim(derivation('other'), { format: 'git', value: '3f2c' }), undefined);
  assert.deepEqual(store.claimsOf(scope, path), claims.toReversed());
  assert.deepEqual(store.claimsOf(derivation('other'), path), []);
});

test('trees are there for every later opening, and missing ones are named', () => {
  using place = temporaryStore();
  const { store } = place;
  const directory: Directory = { files: [], directories: [], symlinks: [{ name: 'a', target: 'b' }] };
  const encodings = [encodeDirectory(directory), encodeDirectory({ ...directory, symlinks: [] })];
  store.putTrees(encodings);
  const digest = digestOf(encodings[0] as Uint8Array);
  assert.ok(store.hasTree(digest));
  assert.deepEqual(store.getTree(digest), directory);
  assert.deepEqual(Buffer.from(store.getTreeEncoding(digest)), Buffer.from(encodings[0] as Uint8Array));
  assert.equal(store.hasTree(digestOf('x')), false);
  assert.throws(() => store.getTree(digestOf('x')), diagnosed('CAB5004'));
  assert.throws(() => store.putTree(bytes('no directory')), diagnosed('CAB5007'));
});

test('a look into a tree follows links within it, and never out of it', () => {
  using place = temporaryStore();
  const { store } = place;
  const file = { name: 'file', ...store.blobs.put(bytes('x')), executable: true };
  const inner = store.putTree(
    encodeDirectory({
      files: [file],
      directories: [],
      symlinks: [
        { name: 'up', target: '../sub' },
        { name: 'out', target: '../../etc' },
      ],
    }),
  );
  const root = store.putTree(
    encodeDirectory({
      files: [],
      directories: [{ name: 'sub', ...inner }],
      symlinks: [
        { name: 'link', target: './sub//' },
        { name: 'loop', target: 'loop' },
        { name: 'absolute', target: '/etc' },
      ],
    }),
  );
  const path = storePath(hashPartOf(root.digest), 'tree');
  store.commit({ outputs: [{ path, tree: root.digest, size: 1, references: [] }] });
  const found = { kind: 'file', digest: file.digest, size: 1, executable: true };
  const tree = { kind: 'directory', tree: store.getTree(inner.digest) };
  const expected: readonly [string, unknown][] = [
    ['/', { kind: 'directory', tree: store.getTree(root.digest) }],
    ['/sub', tree],
    ['/sub/', tree],
    ['/sub/file', found],
    ['/link', { kind: 'symlink', target: './sub//' }],
    ['/link/file', found],
    ['/link/up/up/file', found],
    ['/sub/../sub/file', found],
    ['/sub/file/below', undefined],
    ['/sub/out/passwd', undefined],
    ['/absolute/passwd', undefined],
    ['/loop/x', undefined],
    ['/missing', undefined],
    ['/..', undefined],
  ];
  for (const [place, entry] of expected) assert.deepEqual(store.lookup(path, place), entry, place);
  assert.equal(store.lookup(storePath(hashPartOf(digestOf('x')), 'x'), '/'), undefined);
});

test('an output that is one file has it at its root', () => {
  using place = temporaryStore();
  const { store } = place;
  const file = { name: '', ...store.blobs.put(bytes('x')), executable: false };
  const { digest } = store.putTree(encodeDirectory({ files: [file], directories: [], symlinks: [] }));
  const path = storePath(hashPartOf(digest), 'file');
  store.commit({ outputs: [{ path, tree: digest, size: 1, references: [] }] });
  assert.deepEqual(store.lookup(path, '/'), {
    kind: 'file',
    digest: file.digest,
    size: 1,
    executable: false,
  });
  assert.equal(store.lookup(path, '/x'), undefined);
});

test('an output that another store has is known and not there', () => {
  using place = temporaryStore();
  const { store } = place;
  const tree = digestOf('what another store has');
  const record = { path: storePath(hashPartOf(tree), 'text'), tree, size: 22, references: [] };
  const realisations = [{ derivation: derivation('a'), output: 'out', path: record.path }];
  const claims = [{ scope: derivation('s'), claim: { format: 'git', value: '1' }, path: record.path }];
  store.commit({ outputs: [], elsewhere: [record], realisations, claims });
  assert.equal(store.has(record.path), false);
  assert.equal(store.get(record.path), undefined);
  assert.deepEqual([...store.use([record.path])], []);
  assert.equal(store.findRealisation(derivation('a'), 'out'), record.path);
  assert.equal(store.recallClaim(derivation('s'), { format: 'git', value: '1' }), record.path);
  assert.equal(store.findClaim(derivation('s'), { format: 'git', value: '1' }), undefined);
  assert.deepEqual(store.named.names(), []);
});

test('what was told of an output elsewhere counts for nothing once it is here', () => {
  using place = temporaryStore();
  const { store } = place;
  const file = { name: 'text', ...store.blobs.put(bytes('so it is')), executable: false };
  const { digest } = store.putTree(encodeDirectory({ files: [file], directories: [], symlinks: [] }));
  const output = {
    path: storePath(hashPartOf(digest), 'text'),
    tree: digest,
    size: file.size,
    references: [],
  };
  store.commit({ outputs: [], elsewhere: [{ ...output, tree: digestOf('a lie'), size: 1 }] });
  store.commit({ outputs: [output] });
  assert.deepEqual(store.get(output.path), output);
  // And what is here is not forgotten where another store is said to have it.
  store.commit({ outputs: [], elsewhere: [{ ...output, tree: digestOf('a lie'), size: 1 }] });
  assert.deepEqual(store.get(output.path), output);
});

test('what is known of another store’s outputs is whole to a verification, and outlasts a collection', async () => {
  using place = temporaryStore();
  const { store } = place;
  const tree = digestOf('what another store has');
  const record = { path: storePath(hashPartOf(tree), 'text'), tree, size: 22, references: [] };
  const realisations = [{ derivation: derivation('a'), output: 'out', path: record.path }];
  store.commit({ outputs: [], elsewhere: [record], realisations });
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  for await (const step of store.collect({ readLock: () => [] }))
    assert.notEqual(step.kind, 'output-removed');
  assert.equal(store.findRealisation(derivation('a'), 'out'), record.path);
});
