import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DiagnosticError } from '../../src/diagnostics/index.ts';
import { digestOf, unreachable } from '../../src/foundation/index.ts';
import {
  IslandParts,
  KnownObjects,
  type PartsResult,
  childrenOf,
  gitSourceOf,
  makeIsland,
  parseGitTree,
  treeOfCommit,
} from '../../src/islands/index.ts';
import type { Entry, Store } from '../../src/store/index.ts';
import { type FileContent, type Repository, makeRepository, makeVaried } from '../support/index.ts';
import { temporaryStore } from '../store/temporary-store.ts';

interface RawObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/** All objects of a repository as git itself gives them. */
function objectsOf(repository: Repository): readonly RawObject[] {
  const output = execFileSync('git', ['cat-file', '--batch', '--batch-all-objects'], {
    cwd: repository.folder,
    maxBuffer: 1 << 28,
  });
  const objects: RawObject[] = [];
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf('\n', at);
    const [id = '', type = '', size = ''] = output.toString('latin1', at, lineEnd).split(' ');
    const end = lineEnd + 1 + Number(size);
    objects.push({ id, type, content: output.subarray(lineEnd + 1, end) });
    at = end + 1;
  }
  return objects;
}

/** An island of the repository, with these objects in the store. */
function partsOf(
  { store, work }: { readonly store: Store; readonly work: string },
  objects: readonly RawObject[],
  {
    commit,
    subtree = '',
    submodules = false,
  }: { readonly commit: string; readonly subtree?: string; readonly submodules?: boolean },
): IslandParts {
  const folder = mkdtempSync(path.join(work, 'objects-'));
  for (const { id, content } of objects) writeFileSync(path.join(folder, id), content);
  const known = new KnownObjects(store, digestOf('a program'));
  known.addOutput(store.addLocal(folder, 'parts'));
  const made = makeIsland('git', { url: 'https://example.org/r.git', submodules }, subtree);
  assert.ok(made.ok);
  const git = gitSourceOf(made.island);
  assert.ok(git !== undefined);
  return new IslandParts({
    island: made.island,
    git,
    objects: known,
    commit: () => ({ pinned: commit, ask: false }),
    onCommit: () => assert.fail('the commit is pinned'),
  });
}

/** What both ways of reading tell of an entry, in the same words. */
function describeStored(entry: Entry | undefined, store: Store): unknown {
  switch (entry?.kind) {
    case undefined:
      return 'nothing';
    case 'file':
      return { executable: entry.executable, content: digestOf(store.blobs.read(entry.digest)) };
    case 'directory':
      return Object.fromEntries([...childrenOf(entry.tree)].map(([name, { kind }]) => [name, kind]));
    case 'symlink':
      return entry.target;
    default:
      return unreachable(entry);
  }
}

function describePart(result: PartsResult, { objects }: IslandParts, store: Store): unknown {
  if (result.outcome === 'nothing') return 'nothing';
  assert.equal(result.outcome, 'found');
  const { node } = result;
  switch (node.kind) {
    case 'file': {
      const content = objects.content(node);
      assert.ok(content !== undefined);
      return { executable: node.executable, content: digestOf(store.blobs.read(content.digest)) };
    }
    case 'directory':
      return Object.fromEntries([...(objects.children(node) ?? [])].map(([name, { kind }]) => [name, kind]));
    case 'symlink':
      return objects.target(node);
    case 'submodule':
      return 'submodule';
    default:
      return unreachable(node);
  }
}

const linked: Readonly<Record<string, FileContent>> = {
  'a/b/file': 'in a/b\n',
  'a/file': 'in a\n',
  file: 'at the top\n',
  'a/up': { symlink: '../file' },
  'a/to-b': { symlink: 'b' },
  'a/through': { symlink: 'to-b/../to-b' },
  'a/missing/../../never': 'odd\n',
  outside: { symlink: '../elsewhere' },
  absolute: { symlink: '/etc' },
  circle: { symlink: 'circle' },
  'to-a': { symlink: './a/' },
};

const lookedAt = `
  / /file /a /a/b /a/b/file /a/up /a/up/x /a/to-b /a/to-b/file /to-a/to-b/file
  /a/through/file /a/through /to-a/up /to-a/b /outside /outside/x /absolute/passwd
  /circle /circle/x /file/x /nothing /nothing/x /a/nothing /to-a/nothing`;

for (const objectFormat of ['sha1', 'sha256'] as const) {
  test(`a walk over raw objects (${objectFormat}) finds what a look into the stored tree finds`, async () => {
    using place = temporaryStore();
    const { store, work } = place;
    const files = new Map(Object.entries(linked).filter(([name]) => !name.includes('..')));
    const made = await makeRepository(path.join(work, 'r.git'), { objectFormat });
    const commit = await made.write(files).commit();
    const checkout = path.join(work, 'checkout');
    execFileSync('git', ['clone', '--quiet', made.folder, checkout]);
    const stored = store.addLocal(checkout, 'r');
    const parts = partsOf(place, objectsOf(made), { commit });
    for (const inner of lookedAt.trim().split(/\s+/)) {
      const expected = describeStored(store.lookup(stored, inner), store);
      assert.deepEqual(describePart(parts.find(inner, 'read'), parts, store), expected, inner);
    }
  });
}

test('everything of a varied repository can be read by its parts', async () => {
  using place = temporaryStore();
  const { store, work } = place;
  const repository = await makeVaried(path.join(work, 'r.git'));
  const commit = await repository.resolve('main');
  const checkout = path.join(work, 'checkout');
  execFileSync('git', ['clone', '--quiet', repository.folder, checkout]);
  const stored = store.addLocal(checkout, 'r');
  const parts = partsOf(place, objectsOf(repository), { commit });
  const names = execFileSync('git', ['ls-tree', '-r', '-t', '-z', '--name-only', 'main'], {
    cwd: repository.folder,
  });
  const paths = names.toString('utf8').split('\0').slice(0, -1);
  assert.ok(paths.length > 80, `${paths.length} paths`);
  for (const inner of paths.map((name) => `/${name}`)) {
    const expected = describeStored(store.lookup(stored, inner), store);
    assert.deepEqual(describePart(parts.find(inner, 'read'), parts, store), expected, inner);
  }
});

test('only what is missing is asked for, one level after the other', async () => {
  using place = temporaryStore();
  const repository = await makeRepository(path.join(place.work, 'r.git'));
  const commit = await repository
    .write({ 'a/b/file': 'x', 'a/link': { symlink: '../other' }, 'other/file': 'y' })
    .commit();
  const objects = objectsOf(repository);
  const find = (
    revisions: readonly string[],
    inner: string,
    purpose: 'look' | 'read',
    subtree = '',
  ): unknown => {
    const ids = new Set(revisions.map((each) => gitResolve(repository, each)));
    const parts = partsOf(
      place,
      objects.filter(({ id }) => ids.has(id)),
      { commit, subtree },
    );
    const result = parts.find(inner, purpose);
    return result.outcome === 'unknown' ? result.words : result.outcome;
  };
  const [root, a, b] = ['main^{tree}', 'main:a', 'main:a/b'];
  assert.deepEqual(find([], '/a/b/file', 'read'), ['read:/a/b/file']);
  assert.deepEqual(find([], '/', 'look'), ['look:/']);
  assert.deepEqual(find(['main', root], '/', 'look'), 'found');
  assert.deepEqual(find(['main'], '/', 'look'), 'found');
  assert.deepEqual(find(['main'], '/', 'read'), ['read:/']);
  assert.deepEqual(find(['main', root], '/a/b/file', 'look'), ['look:/a/b/file']);
  assert.deepEqual(find(['main', root], '/nothing/at/all', 'look'), 'nothing');
  assert.deepEqual(find(['main', root, a, b], '/a/b/file', 'look'), 'found');
  assert.deepEqual(find(['main', root, a, b], '/a/b/file', 'read'), ['read:/a/b/file']);
  assert.deepEqual(find(['main', root, a], '/a/link/file', 'look'), ['read:/a/link']);
  assert.deepEqual(find(['main', root, a, 'main:a/link'], '/a/link/file', 'look'), ['look:/other/file']);
  assert.deepEqual(find(['main', root], '/file', 'read', 'a/b'), ['read:/a/b/file']);
  assert.deepEqual(find(['main', root, a], '/', 'look', 'a/b'), 'found');
  assert.deepEqual(find(['main', root, a, 'main:a/link'], '/link/file', 'look', 'a'), 'nothing');
  assert.throws(() => find(['main', root], '/', 'look', 'b'), DiagnosticError);
});

test('where submodules are a part of the island, only a path into one asks for the whole tree', async () => {
  using place = temporaryStore();
  const repository = await makeRepository(path.join(place.work, 'r.git'));
  await repository.write({ file: 'x' }).commit();
  const input = `commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 0\nfrom refs/heads/main^0\nM 160000 ${'1'.repeat(40)} module\n`;
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repository.folder, input });
  const commit = gitResolve(repository, 'main');
  const objects = objectsOf(repository);
  const whole = partsOf(place, objects, { commit, submodules: true });
  const without = partsOf(place, objects, { commit });
  for (const [inner, withModules, plain] of [
    ['/file', 'found', 'found'],
    ['/nothing', 'nothing', 'nothing'],
    ['/module', 'whole', 'found'],
    ['/module/x', 'whole', 'nothing'],
  ] as const) {
    assert.equal(whole.find(inner, 'look').outcome, withModules, inner);
    assert.equal(without.find(inner, 'look').outcome, plain, inner);
  }
});

function gitResolve(repository: Repository, revision: string): string {
  return execFileSync('git', ['rev-parse', revision], { cwd: repository.folder }).toString().trim();
}

test('trees and commits that are none are told from those that are', () => {
  const id = Buffer.alloc(20, 7);
  const entry = (mode: string, name: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.of(0), id]);
  assert.deepEqual(names(), []);
  assert.deepEqual(names(entry('100644', 'a'), entry('40000', 'b'), entry('160000', 'c')), ['a', 'b', 'c']);
  for (const bad of ['', '.', '..', 'a/b', Buffer.of(0xff)])
    assert.equal(names(entry('100644', bad)), undefined);
  assert.equal(names(entry('100644', 'a'), entry('40000', 'a')), undefined);
  assert.equal(names(entry('777777', 'a')), undefined);
  assert.equal(names(entry('10064x', 'a')), undefined);
  assert.equal(names(entry('100644', 'a').subarray(0, -1)), undefined);
  assert.equal(treeOfCommit(Buffer.from(`tree ${'a'.repeat(40)}\nauthor`)), 'a'.repeat(40));
  assert.equal(treeOfCommit(Buffer.from(`tree ${'a'.repeat(64)}\nauthor`)), 'a'.repeat(64));
  assert.equal(treeOfCommit(Buffer.from(`tree ${'a'.repeat(39)}\nauthor`)), undefined);
  assert.equal(treeOfCommit(Buffer.from('parent x\n')), undefined);
});

function names(...entries: readonly Buffer[]): readonly string[] | undefined {
  const parsed = parseGitTree(Buffer.concat(entries), 20);
  return parsed && [...parsed.keys()];
}
