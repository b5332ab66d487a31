import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FileContent, type Repository, git, makeRepository } from '../support/index.ts';
import { FetchRig, type Fetched, failureOf } from './support/fetch-rig.ts';

type Submodules = Readonly<Record<string, string>>;

interface Options {
  readonly rig: FetchRig;
  readonly name: string;
  readonly files: Readonly<Record<string, FileContent>>;
  readonly submodules?: Submodules;
  readonly objectFormat?: 'sha1' | 'sha256';
}

/** Makes a repository with files and with submodules, each a path and the commit that belongs there. */
async function make({ rig, name, files, submodules = {}, objectFormat }: Options): Promise<Repository> {
  const format = objectFormat === undefined ? {} : { objectFormat };
  const repository = await makeRepository(rig.place(`${name}.git`), format);
  await repository.write(files).commit();
  await addSubmodules(repository, submodules);
  return repository;
}

/** Commits submodules to main, and answers the commit. */
async function addSubmodules(repository: Repository, submodules: Submodules): Promise<string> {
  const gitlinks = Object.entries(submodules).map(([path, commit]) => `M 160000 ${commit} ${path}\n`);
  const head = 'commit refs/heads/main\ncommitter Ada <ada@example.org> 1700001000 +0000\ndata 1\nx\n';
  const from = `from ${await repository.resolve('main')}\n`;
  await git(['fast-import', '--quiet'], { folder: repository.folder, input: [head, from, ...gitlinks] });
  return repository.resolve('main');
}

function submodules(rig: FetchRig, name: string, ref = 'main', subtree = ''): Promise<Fetched> {
  return rig.run(['git-submodules', `${rig.server.url}/${name}`, ref, subtree]);
}

async function withNested(
  context: TestContext,
): Promise<{ rig: FetchRig; outer: Repository; inner: Repository }> {
  const rig = await FetchRig.create(context);
  const leaf = await make({ rig, name: 'other/leaf', files: { leaf: 'a leaf\n' } });
  const inner = await make({
    rig,
    name: 'o/inner',
    files: {
      file: 'inner\n',
      '.gitmodules': '[submodule "leaf"]\n\tpath = deep/leaf\n\turl = ../../other/leaf\n',
    },
    submodules: { 'deep/leaf': await leaf.resolve('main') },
  });
  const commit = await inner.resolve('main');
  await inner.write({ file: 'the commit of the submodule is not the newest\n' }).commit();
  const gitmodules = [
    '# A comment',
    '[core] ; of no meaning here',
    '\tname = "submodule"',
    '[submodule "first one"] path = "libs/a \\"quoted\\" name" # and a comment',
    `  URL = ${rig.server.url}/o/inner ; the address`,
    '[Submodule "second"]',
    '\turl = ./wrong',
    '\tpath = libs/second',
    '\tbranch',
    '\turl = ../in\\',
    'ner.git/',
    '',
  ];
  const outer = await make({
    rig,
    name: 'o/outer',
    files: { 'libs/file': 'outer\n', 'plain/file': 'x', '.gitmodules': gitmodules.join('\n') },
    submodules: { '"libs/a \\"quoted\\" name"': commit, 'libs/second': commit },
  });
  return { rig, outer, inner };
}

test('submodules are fetched into their places, with those in them', async (context) => {
  const { rig, outer, inner } = await withNested(context);
  const fetched = await submodules(rig, 'o/outer');
  assert.deepEqual(fetched.log, []);
  const expected = ['libs/a "quoted" name', 'libs/second'].flatMap((place) =>
    ['.gitmodules', 'deep/leaf/leaf', 'file'].map((name) => `${place}/${name}`),
  );
  assert.deepEqual(
    [...fetched.tree.keys()],
    ['.gitmodules', ...expected.slice(0, 3), 'libs/file', ...expected.slice(3), 'plain/file'],
  );
  const innerTree = await inner.archive('main~1');
  assert.deepEqual(fetched.tree.get('libs/second/file'), innerTree.get('file'));
  assert.deepEqual(fetched.claims.slice(0, -1), [
    `git:${await outer.resolve('main')}`,
    `git-tree:${await outer.resolve('main:')}`,
  ]);
});

test('without being asked, submodules are empty directories, and what is known of both does not mix', async (context) => {
  const { rig, outer } = await withNested(context);
  const plain = await rig.git('o/outer', 'main');
  rig.remember(plain);
  assert.deepEqual([...plain.tree.keys()], ['.gitmodules', 'libs/file', 'plain/file']);
  const whole = await submodules(rig, 'o/outer');
  assert.equal(whole.tree.size, 9);
  rig.remember(whole);
  await outer.write({ 'plain/file': 'y' }).commit();
  assert.deepEqual([...(await rig.git('o/outer', 'main')).tree.keys()], [...plain.tree.keys()]);
  rig.server.reset();
  assert.deepEqual([...(await submodules(rig, 'o/outer')).tree.keys()], [...whole.tree.keys()]);
  assert.ok(rig.server.bytes < 16_384, `${rig.server.bytes} bytes`);
});

test('a sub-tree has the submodules that are in it', async (context) => {
  const { rig } = await withNested(context);
  const fetched = await submodules(rig, 'o/outer', 'main', 'libs/second');
  assert.match(failureOf(fetched), /^15: /);
  const libs = await submodules(rig, 'o/outer', 'main', 'libs');
  assert.deepEqual(libs.log, []);
  assert.equal(libs.tree.size, 7);
  assert.equal((await submodules(rig, 'o/outer', 'main', 'plain')).tree.size, 1);
});

test('a submodule of which nothing is said, or of no fitting address, is an error', async (context) => {
  const rig = await FetchRig.create(context);
  const commit = '1'.repeat(40);
  const submodule = { 'a/b': commit };
  await make({ rig, name: 'o/none', files: { file: 'x' }, submodules: submodule });
  assert.equal(
    failureOf(await submodules(rig, 'o/none')),
    '14: .gitmodules has no address for the submodule a/b',
  );
  const ssh = '[submodule "b"]\npath=a/b\nurl=git@example.org:o/r\n';
  await make({ rig, name: 'o/ssh', files: { '.gitmodules': ssh }, submodules: submodule });
  assert.equal(
    failureOf(await submodules(rig, 'o/ssh')),
    '14: a submodule has an address that is not of HTTP: git@example.org:o/r',
  );
  const gone = '[submodule "b"]\npath=a/b\nurl=../none\n';
  await make({ rig, name: 'o/gone', files: { '.gitmodules': gone }, submodules: submodule });
  assert.equal(
    failureOf(await submodules(rig, 'o/gone')),
    `11: the server does not have the commit ${commit}`,
  );
  const malformed = '[submodule "b"\npath=a/b\nurl=../none\n';
  await make({ rig, name: 'o/malformed', files: { '.gitmodules': malformed }, submodules: submodule });
  assert.equal(failureOf(await submodules(rig, 'o/malformed')), '12: the file .gitmodules is malformed');
});

test('submodules that go down without end come to a limit', async (context) => {
  const rig = await FetchRig.create(context);
  const files = { '.gitmodules': '[submodule "b"]\npath=b\nurl=./\n' };
  const repository = await make({ rig, name: 'o/r', files });
  for (let level = 0; level < 16; level++) {
    await addSubmodules(repository, { b: await repository.resolve('main') });
  }
  assert.equal((await submodules(rig, 'o/r')).tree.size, 17);
  await addSubmodules(repository, { b: await repository.resolve('main') });
  assert.equal(failureOf(await submodules(rig, 'o/r')), '17: submodules lie too deep in one another');
});

test('a submodule with SHA-256 names comes the same way', async (context) => {
  const rig = await FetchRig.create(context);
  const objectFormat = 'sha256';
  const inner = await make({ rig, name: 'o/inner', files: { file: 'inner' }, objectFormat });
  const files = { '.gitmodules': '[submodule "b"]\npath=b\nurl=../inner\n' };
  await make({ rig, name: 'o/outer', files, submodules: { b: await inner.resolve('main') }, objectFormat });
  assert.deepEqual([...(await submodules(rig, 'o/outer')).tree.keys()], ['.gitmodules', 'b/file']);
});
