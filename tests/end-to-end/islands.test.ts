import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import test from 'node:test';
import { makeCertificates, makeVaried, startGitServer, withCab } from '../support/index.ts';
import { assertStoreIsWhole, build, hashOf, resultTree, storyOf } from './scenario.ts';

function sourceOf(island: string): string {
  return `{ default = toDerivation ${island} }\n`;
}

test('an archive over https is unpacked, and asked for by its entity tag', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  const certificates = await makeCertificates(path.join(rig.folder, 'certificates'));
  const forge = path.join(rig.folder, 'forge');
  const server = await startGitServer({ repositories: forge, tls: certificates.good });
  context.after(() => server.close());
  await rig.configure(`[network]\ncertificate-authorities = ["${certificates.authorityFile}"]\n`);
  await rig.write({ 'default.cab': sourceOf(`<${server.url}/o/r/archive/main.tar.gz>`) });
  const first = await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
  const [key, pins] = Object.entries((await rig.lock())?.islands ?? {})[0] ?? [];
  assert.equal(key, `${server.url}/o/r/archive/main.tar.gz`);
  assert.equal(pins?.['etag'], `"${await repository.resolve('main')}"`);
  server.reset();
  assert.deepEqual(await build(rig, '--update'), first);
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ['HEAD'],
  );
});

test('a redirect is followed', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  const location = `${rig.server.url}/o/r/archive/main.tar.gz`;
  rig.server.fault({ kind: 'redirect', location, match: ({ path: place }) => place === '/latest.tar.gz' });
  rig.server.fault({
    kind: 'redirect',
    location: `${rig.server.url}/o/r.git/git-upload-pack`,
    status: 307,
    match: ({ path: place }) => place.startsWith('/o/renamed'),
  });
  for (const island of [`<${rig.server.url}/latest.tar.gz>`, '<github:o/renamed>']) {
    await rig.write({ 'default.cab': sourceOf(island) });
    await build(rig);
    assert.deepEqual(await resultTree(rig), await repository.archive(), island);
  }
});

test('a plain file comes as a file', async (context) => {
  const rig = await withCab(context);
  const content = 'just a file\n';
  await rig.serveFiles({ 'note.txt': content });
  await rig.write({ 'default.cab': sourceOf(`<${rig.server.url}/files/note.txt>`) });
  await build(rig);
  const sha256 = createHash('sha256').update(content).digest('hex');
  assert.deepEqual(await resultTree(rig), new Map([['', { kind: 'file', executable: false, sha256 }]]));
});

test('an archive of which the server says nothing is compared by what it holds', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository.write({ a: 'one' }).commit();
  await rig.write({ 'default.cab': sourceOf(`<${rig.server.url}/o/r/archive/main.tar.gz>`) });
  rig.server.fault({ kind: 'status', status: 405, match: ({ method }) => method === 'HEAD' });
  const first = await build(rig);
  await repository.write({ a: 'two' }).commit();
  assert.notEqual(hashOf(await build(rig, '--update')), hashOf(first));
});

test('any git server serves an island', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': sourceOf(`<git:${rig.server.url}/o/r.git>`) });
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
});

test('a branch, tags of both kinds and a full commit each name their tree', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  const first = await repository.write({ version: '1' }).commit();
  await repository.tag('light');
  await repository.tag('v1', 'Version 1');
  await repository.branch('feature/one');
  const second = await repository.write({ version: '2' }).commit();
  await repository.branch('main');
  const third = await repository.write({ version: '3' }).commit();
  const expected = { light: first, v1: first, 'feature/one': second, main: third, [first]: first };
  for (const [ref, commit] of Object.entries(expected)) {
    await rig.write({ 'default.cab': sourceOf(`<github:o/r/${ref}>`) });
    await build(rig);
    assert.deepEqual(await resultTree(rig), await repository.archive(commit), ref);
    assert.equal((await rig.lock())?.islands[`github:o/r/${ref}`]?.['git'], commit, ref);
  }
});

test('a full commit needs no question for refs', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  const commit = await repository.write({ version: '1' }).commit();
  await rig.write({ 'default.cab': sourceOf(`<github:o/r/${commit}>`) });
  await build(rig);
  assert.ok(!storyOf(rig).includes('refs'), storyOf(rig).join(' '));
});

test('a sub-tree is locked and fetched alone, of git and of an archive', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  const folder = await repository.archive('main', 'names');
  for (const island of [`<github:o/r::/names>`, `<${rig.server.url}/o/r/archive/main.tar.gz::/names>`]) {
    await rig.write({ 'default.cab': sourceOf(island) });
    await build(rig);
    assert.deepEqual(await resultTree(rig), folder, island);
  }
});

test('an island is built without a project and without a lock', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository
    .write({
      'default.cab': `{ greeting = derivation {
        name = "greeting",
        builder = <cab:programs>/text.wasm,
        arguments = ["write", "0"],
        environment = { text = "from the island" },
        requiredRealizerFeatures = ["wasm"],
      } }`,
    })
    .commit();
  await build(rig, 'github:o/r#greeting');
  const sha256 = createHash('sha256').update('from the island').digest('hex');
  assert.deepEqual(await resultTree(rig), new Map([['', { kind: 'file', executable: false, sha256 }]]));
  assert.equal(await rig.lock(), undefined);
  await assertStoreIsWhole(rig);
});

test('an island that says nothing of how it is built is told to be a source', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository.write({ 'main.c': 'int main(void) { return 0; }\n' }).commit('Sources');
  const { code, stderr } = await rig.cab('build', 'github:o/r');
  assert.equal(code, 1);
  assert.match(stderr, /'<github:o\/r>\/default\.cab' does not exist/);
  assert.match(
    stderr,
    /hint: a default\.cab of your own can use its tree as a source, and cab ls '<github:o\/r>'/,
  );
});
