import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Repository, git, makeRepository } from '../support/index.ts';
import { FetchRig, failureOf } from './support/fetch-rig.ts';
import { serveAnswers } from './support/answers.ts';
import { answer, commit, delta, pack, packet, tree, whole } from './support/pack.ts';

const commits = 4000;

/** A history of many commits with long messages, of which some are alike, so that git keeps them as deltas. */
async function withHistory(
  context: TestContext,
): Promise<{ readonly rig: FetchRig; readonly repository: Repository; readonly ids: readonly string[] }> {
  const rig = await FetchRig.create(context);
  const repository = await makeRepository(rig.place('o/r.git'));
  await git(['fast-import', '--quiet'], { folder: repository.folder, input: history() });
  await repository.repack();
  const ids = await git(['rev-list', 'main'], { folder: repository.folder });
  rig.server.reset();
  return { rig, repository, ids: ids.split('\n') };
}

function* history(): Generator<string> {
  for (let index = 0; index < commits; index++) {
    const message = `Change ${index}\n\n${`A reason that is given again and again, by ${index % 50}.\n`.repeat(12)}`;
    yield `commit refs/heads/main\ncommitter Ada <ada@example.org> ${1_700_000_000 + index} +0000\n`;
    yield `data ${message.length}\n${message}\nM 100644 inline file\ndata ${String(index).length}\n${index}\n`;
  }
}

test('an abbreviated commit is found among the tips, and in the history', async (context) => {
  const { rig, repository, ids } = await withHistory(context);
  await repository.tag('annotated', 'A tag');
  const tip = ids[0] as string;
  assert.deepEqual((await rig.git('o/r', tip.slice(0, 12).toUpperCase())).claims[0], `git:${tip}`);
  assert.deepEqual(
    rig.server.requests.map(({ command }) => command),
    ['ls-refs', 'ls-refs', 'fetch', 'fetch'],
  );
  for (const id of [ids[1], ids[1777], ids.at(-1)] as string[]) {
    const fetched = await rig.git('o/r', id.slice(0, 14));
    assert.deepEqual(fetched.log, []);
    assert.equal(fetched.claims[0], `git:${id}`);
    assert.deepEqual(fetched.tree, await repository.archive(id));
  }
  const read = await rig.read('o/r', (ids[1777] as string).slice(0, 14), ['read:/file']);
  assert.ok(read.tree.has(await repository.resolve(`${ids[1777]}:file`)));
});

test('an abbreviation of no commit, or of more than one, is an error', async (context) => {
  const { rig, repository } = await withHistory(context);
  assert.equal(failureOf(await rig.git('o/r', '0123456')), '11: the server has no such ref: 0123456');
  // Names of seven digits that two commits share are made, not searched for: the ids of tips are what the server says.
  const [one, other] = ['a', 'b'].map((digit) => `1234567${digit.repeat(33)}`);
  const lines = [`${one} refs/heads/one`, `${other} refs/heads/other`].map((line) =>
    packet(Buffer.from(line)),
  );
  const url = await serveAnswers(context, ['0000', Buffer.concat([...lines, Buffer.from('0000')])]);
  assert.equal(
    failureOf(await rig.run(['git', url, '1234567', ''])),
    '11: more than one commit begins with 1234567',
  );
  await repository.branch('0123456', 'main~3');
  assert.equal((await rig.git('o/r', '0123456')).claims[0], `git:${await repository.resolve('main~3')}`);
});

test('a delta in the history finds its base, however far back that came', async (context) => {
  const rig = await FetchRig.create(context);
  const root = tree();
  const base = commit(root, 'The base, of which a delta comes last');
  const between = Array.from({ length: 12 }, (_, index) => commit(root, `${index} `.repeat(200_000)));
  const last = commit(root, 'The base, of which a delta comes last, and this is it');
  const entries = [...[base, ...between].map(whole), delta(base, last)];
  const tips = Buffer.concat([packet(Buffer.from(`${'1'.repeat(40)} refs/heads/main`)), Buffer.from('0000')]);
  const url = await serveAnswers(context, ['0000', tips, answer(pack(entries), 60_000), '0000']);
  const fetched = await rig.run(['git', url, last.id.toString('hex').slice(0, 16), '']);
  assert.deepEqual(fetched.claims, [`git:${last.id.toString('hex')}`]);
});

test('a whole commit that no ref leads to is fetched by its id', async (context) => {
  const rig = await FetchRig.create(context);
  const repository = await makeRepository(rig.place('o/r.git'));
  const first = await repository.write({ file: 'first' }).commit();
  await repository.write({ file: 'second' }).commit();
  await git(['update-ref', 'refs/heads/main', await repository.rewrite()], { folder: repository.folder });
  const lost = await repository.write({ file: 'lost' }).commit();
  await git(['update-ref', 'refs/heads/main', 'main~1'], { folder: repository.folder });
  assert.deepEqual((await rig.git('o/r', lost)).tree, await repository.archive(lost));
  assert.equal(failureOf(await rig.git('o/r', first)), `11: the server does not have the commit ${first}`);
});
