import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { StorePath } from '../../src/foundation/index.ts';
import type { Directory, Store } from '../../src/store/index.ts';
import { diagnosed, temporaryStore } from './temporary-store.ts';

/** Writes files, given by their paths, below a folder. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

/** The paths of all entries of a tree in the store; folders that hold nothing end with a slash. */
function entriesOf(store: Store, output: StorePath): string[] {
  const walk = (directory: Directory, prefix: string): string[] => [
    ...directory.files.map(({ name }) => prefix + name),
    ...directory.symlinks.map(({ name }) => prefix + name),
    ...directory.directories.flatMap(({ name, digest }) => {
      const below = walk(store.getTree(digest), `${prefix}${name}/`);
      return below.length === 0 ? [`${prefix}${name}/`] : below;
    }),
  ];
  const output_ = store.get(output);
  assert.ok(output_ !== undefined);
  return walk(store.getTree(output_.tree), '').toSorted();
}

function textAt(store: Store, output: StorePath, inner: string): string {
  const entry = store.lookup(output, inner);
  assert.ok(entry?.kind === 'file');
  return Buffer.from(store.blobs.read(entry.digest)).toString();
}

/** A look from an hour later: what is in the folder now is trusted not to change without a trace. */
const later = { now: () => Date.now() + 3_600_000 };

/** Returns once the file system's clock has gone on, so that a change from now on has a later time. */
function passTick(folder: string): void {
  const probe = path.join(folder, '..', 'probe');
  const timeOf = (): number => {
    writeFileSync(probe, '');
    return statSync(probe).ctimeMs;
  };
  for (const before = timeOf(); timeOf() === before;);
}

test('a folder comes in as it is, and is recorded', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, { 'a/b': 'x', c: 'yy' });
  mkdirSync(path.join(source, 'empty'));
  symlinkSync('c', path.join(source, 'link'));
  const output = place.store.addLocal(source, 'source');
  assert.deepEqual(entriesOf(place.store, output), ['a/b', 'c', 'empty/', 'link']);
  assert.equal(place.store.get(output)?.size, 3);
  assert.deepEqual(place.store.get(output)?.references, []);
});

test('a change is seen, however small and soon', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  const file = path.join(source, 'file');
  write(source, { file: 'one', other: 'x' });
  const add = (): StorePath => place.store.addLocal(source, 'source');
  const seen = new Set([add()]);
  for (let round = 0; round < 50; round++) {
    const { atime, mtime } = statSync(file);
    writeFileSync(file, `r${String(round).padStart(2, '0')}`);
    utimesSync(file, atime, mtime);
    const output = add();
    assert.equal(textAt(place.store, output, '/file'), `r${String(round).padStart(2, '0')}`);
    seen.add(output);
  }
  assert.equal(seen.size, 51);
});

test('what was looked at long ago is not read again, and yet each change is seen', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, { file: 'one', 'deep/other': 'two' });
  const add = (): StorePath => {
    passTick(source);
    return place.store.addLocal(source, 'source', later);
  };
  // A time that can be set again as it is: then only the time of the last change of the status tells.
  utimesSync(path.join(source, 'file'), 1, 1);
  const first = add();
  assert.equal(add(), first);
  passTick(source);

  writeFileSync(path.join(source, 'file'), 'eno');
  utimesSync(path.join(source, 'file'), 1, 1);
  assert.equal(textAt(place.store, add(), '/file'), 'eno');

  chmodSync(path.join(source, 'file'), 0o755);
  const executable = place.store.lookup(add(), '/file');
  assert.ok(executable?.kind === 'file' && executable.executable);

  renameSync(path.join(source, 'deep/other'), path.join(source, 'deep/moved'));
  assert.deepEqual(entriesOf(place.store, add()), ['deep/moved', 'file']);
  write(source, { new: 'x' });
  rmSync(path.join(source, 'deep'), { recursive: true });
  assert.deepEqual(entriesOf(place.store, add()), ['file', 'new']);
});

test('two files that change places are not confused', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, { a: 'one', b: 'two' });
  place.store.addLocal(source, 'source', later);
  passTick(source);
  renameSync(path.join(source, 'a'), path.join(source, 'c'));
  renameSync(path.join(source, 'b'), path.join(source, 'a'));
  renameSync(path.join(source, 'c'), path.join(source, 'b'));
  const output = place.store.addLocal(source, 'source', later);
  assert.equal(textAt(place.store, output, '/a'), 'two');
  assert.equal(textAt(place.store, output, '/b'), 'one');
});

test('a blob that is gone comes back, though the status of its file is known', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, { a: 'one', b: 'two' });
  const entry = place.store.lookup(place.store.addLocal(source, 'source', later), '/a');
  assert.ok(entry?.kind === 'file');
  rmSync(place.store.blobs.file(entry.digest));
  write(source, { b: 'three' });
  place.store.addLocal(source, 'source', later);
  assert.ok(place.store.blobs.has(entry.digest));
});

test('links to results, and what the caller excludes, stay out', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, { 'a/x': '', b: '' });
  const inStore = place.store.materialise(place.store.addLocal(path.join(source, 'a'), 'a'));
  symlinkSync(inStore, path.join(source, 'result'));
  symlinkSync(`/cab/store/${path.basename(inStore)}`, path.join(source, 'result-dev'));
  symlinkSync('/elsewhere', path.join(source, 'result-other'));
  assert.deepEqual(entriesOf(place.store, place.store.addLocal(source, 's')), ['a/x', 'b', 'result-other']);
  assert.deepEqual(
    entriesOf(place.store, place.store.addLocal(source, 's', { exclude: (relative) => relative === 'a/x' })),
    ['a/', 'b', 'result-other'],
  );
});

test('a store within the folder stays out', () => {
  using place = temporaryStore();
  write(place.work, { file: '' });
  assert.deepEqual(entriesOf(place.store, place.store.addLocal(place.work, 'x')), ['file']);
});

test('a path that is not there is an error that names it', () => {
  using place = temporaryStore();
  assert.throws(
    () => place.store.addLocal(path.join(place.work, 'no'), 'x'),
    diagnosed('CAB5005', /no' *: it does not exist/),
  );
});

test('outside of git, .cabignore says what stays out', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, {
    '.cabignore': '# what is made\n*.o\n/dist/\n!keep.o\n',
    '.gitignore': 'a.c\n',
    'a.c': '',
    'a.o': '',
    'keep.o': '',
    'dist/x': '',
    'sub/dist/x': '',
    'sub/.cabignore': 'local\n!b.o\n',
    'sub/local': '',
    'sub/b.o': '',
    'sub/c.o': '',
  });
  assert.deepEqual(entriesOf(place.store, place.store.addLocal(source, 's')), [
    '.cabignore',
    '.gitignore',
    'a.c',
    'keep.o',
    'sub/.cabignore',
    'sub/b.o',
    'sub/dist/x',
  ]);
});

const gitSkip = ((): string | false => {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'there is no git on this machine';
  }
})();

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'core.excludesFile='];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
}

/** What git says is neither ignored nor removed. */
function gitListing(folder: string): string[] {
  const listed = git(folder, 'ls-files', '--cached', '--others', '--exclude-standard', '-z');
  return [...new Set(listed.split('\0'))].filter((name) => name !== '').toSorted();
}

const workTree = {
  '.gitignore': '*.log\n/build/\nnode_modules\n!important.log\ndocs/*.html\n**/cache/\n',
  'a.log': '',
  'important.log': '',
  'build/x': '',
  'src/build/x': '',
  'src/node_modules/x/y': '',
  'src/index.ts': '',
  'src/.gitignore': '*.ts\n!index.ts\n!b.log\n',
  'src/gen.ts': '',
  'src/b.log': '',
  'docs/a.html': '',
  'docs/sub/b.html': '',
  'x/cache/y': '',
  'only/ignored.log': '',
  'vendor/lib.log': '',
  'Größe/ß.txt': '',
};

for (const version of [2, 3, 4]) {
  test(
    `in a git work tree the same stays out as for git, with version ${version} of the index`,
    { skip: gitSkip },
    () => {
      using place = temporaryStore();
      const source = path.join(place.work, 'source');
      write(source, workTree);
      git(source, 'init', '--quiet');
      writeFileSync(path.join(source, '.git', 'info', 'exclude'), 'private\n');
      write(source, { private: '', 'src/private/x': '' });
      const add = (): string[] => entriesOf(place.store, place.store.addLocal(source, 's'));
      assert.deepEqual(add(), gitListing(source));

      // What is tracked stays in, ignored or not, and however deep below an ignored folder.
      git(source, 'update-index', '--index-version', `${version === 3 ? 2 : version}`);
      git(source, 'add', '--force', 'a.log', 'build/x', 'src/node_modules/x/y');
      if (version === 3) git(source, 'add', '--intent-to-add', 'docs/a.html', '--force');
      assert.equal(readFileSync(path.join(source, '.git', 'index')).readUInt32BE(4), version);
      write(source, { 'build/untracked': '', 'src/node_modules/z': '' });
      assert.deepEqual(add(), gitListing(source));
      assert.ok(add().includes('build/x') && !add().includes('build/untracked'));

      git(source, 'add', '.');
      git(source, 'commit', '--quiet', '--message', 'all');
      assert.deepEqual(add(), gitListing(source));
      git(source, 'rm', '--quiet', '--cached', 'a.log');
      assert.deepEqual(add(), gitListing(source));
    },
  );
}

test('a folder within a work tree follows the rules from its top', { skip: gitSkip }, () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, workTree);
  git(source, 'init', '--quiet');
  const add = (folder: string): string[] =>
    entriesOf(place.store, place.store.addLocal(path.join(source, folder), 's'));
  assert.deepEqual(add('src'), ['.gitignore', 'b.log', 'build/x', 'index.ts']);
  // Whoever names an ignored folder means it.
  assert.deepEqual(add('build'), ['x']);
});

test('a linked work tree has the rules and the index of its own', { skip: gitSkip }, () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  write(source, { '.gitignore': '*.log\n', file: '' });
  git(source, 'init', '--quiet');
  git(source, 'add', '.');
  git(source, 'commit', '--quiet', '--message', 'first');
  writeFileSync(path.join(source, '.git', 'info', 'exclude'), 'private\n');
  const linked = path.join(place.work, 'linked');
  git(source, 'worktree', 'add', '--quiet', linked);
  write(linked, { 'a.log': '', 'b.log': '', private: '' });
  git(linked, 'add', '--force', 'a.log');
  assert.deepEqual(entriesOf(place.store, place.store.addLocal(linked, 's')), [
    '.gitignore',
    'a.log',
    'file',
  ]);
});

test('a work tree and the same files elsewhere are one tree', { skip: gitSkip }, () => {
  using place = temporaryStore();
  const [source, plain] = [path.join(place.work, 'source'), path.join(place.work, 'plain')];
  write(source, { file: 'x', 'sub/file': 'y', '.gitignore': 'sub/made\n' });
  write(plain, { file: 'x', 'sub/file': 'y', '.gitignore': 'sub/made\n' });
  git(source, 'init', '--quiet');
  write(source, { 'sub/made': '' });
  mkdirSync(path.join(source, 'empty'));
  assert.equal(place.store.addLocal(source, 's'), place.store.addLocal(plain, 's'));
});
