import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import {
  type Repository,
  type RepositoryOptions,
  git,
  makeRepository,
  makeVaried,
} from '../support/index.ts';
import { FetchRig, type Fetched, failureOf } from './support/fetch-rig.ts';

const run = promisify(execFile);

async function withVaried(
  context: TestContext,
  options: RepositoryOptions = {},
): Promise<{ readonly rig: FetchRig; readonly repository: Repository }> {
  const rig = await FetchRig.create(context);
  return { rig, repository: await makeVaried(rig.place('o/r.git'), options) };
}

/** An object as git has it, without the header that its id covers. */
async function objectOf({ folder }: Repository, id: string): Promise<Buffer> {
  const { stdout: kind } = await run('git', ['cat-file', '-t', id], { cwd: folder });
  const options = { cwd: folder, encoding: 'buffer', maxBuffer: 2 ** 26 } as const;
  return (await run('git', ['cat-file', kind.trim(), id], options)).stdout;
}

/** The revisions, each of which must be among the objects with what git itself says that it is. */
async function assertObjects(
  fetched: Fetched,
  repository: Repository,
  revisions: readonly string[],
): Promise<void> {
  assert.deepEqual(fetched.log, []);
  assert.equal(fetched.result.outcome, 'finished');
  for (const revision of revisions) {
    const id = await repository.resolve(revision);
    const entry = fetched.tree.get(id);
    assert.equal(entry?.kind, 'file', revision);
    const content = await objectOf(repository, id);
    assert.equal(entry.kind === 'file' && entry.sha256, createHash('sha256').update(content).digest('hex'));
  }
}

/** A repository of 100,000 files in 4,000 directories. */
function* manyFiles(): Generator<readonly [string, string]> {
  for (let index = 0; index < 100_000; index++) {
    const folder = `part-${index % 20}/section-${Math.floor(index / 20) % 20}/group-${Math.floor(index / 400) % 10}`;
    yield [`${folder}/file-${index}.txt`, `The file number ${index}\n`];
  }
}

test('one file of 100,000 costs four requests and some kilobytes', async (context) => {
  const rig = await FetchRig.create(context);
  const repository = await makeRepository(rig.place('o/r.git'));
  await repository.write(new Map(manyFiles())).commit();
  rig.server.reset();
  const file = 'part-7/section-3/group-2/file-867.txt';
  const fetched = await rig.read('o/r', 'main', [`read:/${file}`]);
  await assertObjects(fetched, repository, ['main', 'main^{tree}', `main:${file}`]);
  assert.ok(rig.server.requests.length <= 4, `${rig.server.requests.length} requests`);
  assert.ok(rig.server.bytes < 65_536, `${rig.server.bytes} bytes`);
  context.diagnostic(`${rig.server.requests.length} requests, ${rig.server.bytes} bytes`);
});

test('several words are walked together', async (context) => {
  const { rig, repository } = await withVaried(context);
  const words = [
    'read:/deep/deep/deep/deep',
    'read:/bin/run',
    'read:/README.md',
    'look:/names/-dash',
    'read:/',
  ];
  const fetched = await rig.read('o/r', 'main', words);
  const revisions = [
    'main',
    'main:',
    'main:deep/deep/deep/deep',
    'main:bin/run',
    'main:README.md',
    'main:names',
  ];
  await assertObjects(fetched, repository, revisions);
  assert.deepEqual(fetched.claims.slice(0, -1), [`git:${await repository.resolve('main')}`]);
  assert.equal(fetched.tree.has(await repository.resolve('main:names/-dash')), false);
  assert.ok(rig.server.requests.length <= 4, `${rig.server.requests.length} requests`);
});

test('a link, a file or nothing on the way ends a walk, and a link is read', async (context) => {
  const { rig, repository } = await withVaried(context);
  const words = [
    'read:/link-to-folder/deep',
    'read:/README.md/x',
    'read:/no/where',
    'look:/deep/link-upwards',
  ];
  const fetched = await rig.read('o/r', 'main', words);
  await assertObjects(fetched, repository, [
    'main',
    'main:',
    'main:link-to-folder',
    'main:deep/link-upwards',
  ]);
  assert.equal(fetched.tree.has(await repository.resolve('main:README.md')), false);
});

test('what an earlier run has read is not asked for again', async (context) => {
  const { rig, repository } = await withVaried(context);
  const git = await repository.resolve('main');
  rig.remember(await rig.read('o/r', 'main', ['read:/bin/run'], { git }));
  rig.server.reset();
  await assertObjects(await rig.read('o/r', 'main', ['read:/bin/run'], { git }), repository, [
    'main:bin/run',
  ]);
  assert.equal(rig.server.requests.length, 0);
  const further = await rig.read('o/r', 'main', ['read:/bin/run', 'read:/README.md'], { git });
  await assertObjects(further, repository, ['main', 'main:', 'main:bin/run', 'main:README.md']);
  assert.equal(rig.server.requests.length, 1);
  assert.deepEqual(rig.server.requests[0]?.wants, [await repository.resolve('main:README.md')]);
});

test('what a whole fetch has brought is not asked for again', async (context) => {
  const { rig, repository } = await withVaried(context);
  rig.remember(await rig.git('o/r', 'main'));
  rig.server.reset();
  const blob = await repository.resolve('main:bin/run');
  await assertObjects(await rig.read('o/r', 'main', ['read:/bin/run']), repository, ['main:bin/run']);
  assert.equal(
    rig.server.fetches.some(({ wants }) => wants?.includes(blob)),
    false,
  );
});

test('a server whose filters go no deeper than to nothing gives the same', async (context) => {
  const { rig, repository } = await withVaried(context);
  await git(['config', 'uploadpackfilter.tree.maxDepth', '0'], { folder: repository.folder });
  const fetched = await rig.read('o/r', 'main', ['read:/deep/deep/link-upwards', 'read:/bin/run']);
  await assertObjects(fetched, repository, ['main', 'main:', 'main:deep/deep', 'main:bin/run']);
});

test('a server that filters nothing cannot be read from', async (context) => {
  const { rig } = await withVaried(context, { allowFilter: false });
  const fetched = await rig.read('o/r', 'main', ['read:/bin/run']);
  assert.equal(failureOf(fetched), '19: the server gives no parts of a commit');
});

test('parts of a repository with SHA-256 names are read', async (context) => {
  const { rig, repository } = await withVaried(context, { objectFormat: 'sha256' });
  const fetched = await rig.read('o/r', 'main', ['read:/deep/deep', 'read:/bin/run']);
  await assertObjects(fetched, repository, ['main', 'main:', 'main:deep/deep', 'main:bin/run']);
});
