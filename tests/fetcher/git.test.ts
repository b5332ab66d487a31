import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Repository, type RepositoryOptions, makeRepository, makeVaried } from '../support/index.ts';
import { FetchRig, failureOf } from './support/fetch-rig.ts';

async function withVaried(
  context: TestContext,
  options: RepositoryOptions = {},
): Promise<{ readonly rig: FetchRig; readonly repository: Repository }> {
  const rig = await FetchRig.create(context);
  return { rig, repository: await makeVaried(rig.place('o/r.git'), options) };
}

/** Which commands the server was sent, a filtered fetch as `filtered`. */
function commandsOf(rig: FetchRig): readonly (string | undefined)[] {
  return rig.server.requests.map(({ command, filter }) => (filter === true ? 'filtered' : command));
}

/** Whether a request asks for a pack without leaving anything out. */
function isWhole({ filter }: { readonly filter?: boolean }): boolean {
  return filter === false;
}

test('a repository comes as git itself archives it, whichever way the ref is written', async (context) => {
  const { rig, repository } = await withVaried(context);
  await repository.tag('annotated', 'A tag');
  await repository.tag('light');
  const commit = await repository.resolve('main');
  const tree = await repository.resolve('main^{tree}');
  const expected = await repository.archive('main');
  for (const ref of ['HEAD', 'main', 'refs/heads/main', 'annotated', 'light', commit]) {
    const fetched = await rig.git('o/r', ref);
    assert.deepEqual(fetched.tree, expected, ref);
    assert.deepEqual(fetched.claims.slice(0, 2), [`git:${commit}`, `git-tree:${tree}`], ref);
  }
});

test('claims are made before the request that they can save', async (context) => {
  const { rig } = await withVaried(context);
  await rig.git('o/r', 'main');
  assert.deepEqual(commandsOf(rig), ['ls-refs', 'filtered', 'fetch']);
});

test('a pinned commit is fetched without asking for the ref, though the branch has moved', async (context) => {
  const { rig, repository } = await withVaried(context);
  const git = await repository.resolve('main~1');
  const fetched = await rig.git('o/r', 'main', '', { git, 'git-tree': 'another' });
  assert.deepEqual(fetched.tree, await repository.archive(git));
  assert.equal(fetched.claims[1], `git-tree:${await repository.resolve(`${git}^{tree}`)}`);
  assert.deepEqual(commandsOf(rig), ['filtered', 'fetch']);
});

test('a pinned commit that is gone is answered with what the ref is now', async (context) => {
  const { rig, repository } = await withVaried(context);
  const gone = '1'.repeat(40);
  const fetched = await rig.git('o/r', 'main', '', { git: gone });
  assert.deepEqual(fetched.claims, [`git:${gone}`, `git:${await repository.resolve('main')}`]);
  assert.equal(failureOf(fetched), `11: the server does not have the commit ${gone}`);
});

test('a server that filters nothing gives everything, and that is said', async (context) => {
  const { rig, repository } = await withVaried(context, { allowFilter: false });
  const fetched = await rig.git('o/r', 'main', 'names');
  assert.deepEqual(fetched.tree, await repository.archive('main', 'names'));
  assert.equal(fetched.claims[1], `git-tree:${await repository.resolve('main:names')}`);
  assert.deepEqual(fetched.log, ['the server gives no parts of a commit, so all of it is fetched']);
  assert.deepEqual(commandsOf(rig), ['ls-refs', 'filtered', 'fetch']);
});

test('a sub-tree is all that comes, and what its claim is about', async (context) => {
  const { rig, repository } = await withVaried(context);
  const subtree = 'deep/deep/deep';
  const fetched = await rig.git('o/r', 'main', subtree);
  assert.deepEqual(fetched.tree, await repository.archive('main', subtree));
  assert.equal(fetched.claims[1], `git-tree:${await repository.resolve(`main:${subtree}`)}`);
});

test('a sub-tree may be one file', async (context) => {
  const { rig, repository } = await withVaried(context);
  const fetched = await rig.git('o/r', 'main', 'bin/run');
  const expected = (await repository.archive('main')).get('bin/run');
  assert.deepEqual([...fetched.tree], [['', expected]]);
});

test('a branch goes before a tag of the same name', async (context) => {
  const { rig, repository } = await withVaried(context);
  await repository.tag('same');
  await repository.branch('same');
  const commit = await repository.write({ more: 'x' }).commit();
  assert.equal((await rig.git('o/r', 'same')).claims[0], `git:${commit}`);
});

test('what is not there is said with its exit code', async (context) => {
  const { rig } = await withVaried(context);
  await makeRepository(rig.place('o/empty.git'));
  assert.equal(failureOf(await rig.git('o/r', 'mai')), '11: the server has no such ref: mai');
  assert.equal(failureOf(await rig.git('o/empty', 'HEAD')), '11: the server has no such ref: HEAD');
  assert.equal(failureOf(await rig.git('o/r', 'main', 'no/where')), '15: the commit has no tree at no/where');
  const url = `${rig.server.url}/o/none`;
  assert.equal(
    failureOf(await rig.git('o/none', 'main')),
    `10: the server answers with a status other than 200: ${url} 404`,
  );
  assert.match(failureOf(await rig.run(['git', url])), /^2: .*there is no such command/);
});

test('a pack that is cut or corrupted is refused', async (context) => {
  const { rig, repository } = await withVaried(context);
  const ref = await repository.resolve('main');
  rig.server.fault({ kind: 'corrupt', atByte: 9000, match: isWhole, times: 1 });
  assert.match(failureOf(await rig.git('o/r', ref)), /^12: /);
  rig.server.fault({ kind: 'cut', afterBytes: 9000, match: isWhole, times: 1 });
  assert.match(failureOf(await rig.git('o/r', ref)), /^18: the connection was lost/);
});

test('a repository with SHA-256 names comes the same way, and SHA-1 ones cost no request for that', async (context) => {
  const { rig, repository } = await withVaried(context, { objectFormat: 'sha256' });
  const commit = await repository.resolve('main');
  const expected = await repository.archive('main');
  const fetched = await rig.git('o/r', 'main');
  assert.deepEqual(fetched.tree, expected);
  assert.deepEqual(fetched.claims.slice(0, 2), [
    `git:${commit}`,
    `git-tree:${await repository.resolve('main^{tree}')}`,
  ]);
  assert.deepEqual(commandsOf(rig), ['ls-refs', 'ls-refs', 'filtered', 'fetch']);
  rig.server.reset();
  assert.deepEqual((await rig.git('o/r', commit)).tree, expected);
  assert.deepEqual((await rig.git('o/r', 'main', '', { git: commit })).tree, expected);
  assert.deepEqual(commandsOf(rig), ['filtered', 'fetch', 'filtered', 'fetch']);
  rig.remember(fetched);
  await repository.write({ 'README.md': 'other\n' }).commit();
  rig.server.reset();
  assert.deepEqual((await rig.git('o/r', 'main')).tree, await repository.archive('main'));
  assert.ok(rig.server.bytes < 8192, `${rig.server.bytes} bytes`);
});
