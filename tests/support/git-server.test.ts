import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import {
  git,
  type GitServer,
  makeCertificates,
  makeRepository,
  makeTemporaryFolder,
  readTree,
  removeFolder,
  startGitServer,
} from './index.ts';

interface Stage {
  readonly folder: string;
  readonly server: GitServer;
}

async function withServer(context: TestContext): Promise<Stage> {
  const folder = await makeTemporaryFolder();
  const server = await startGitServer({ repositories: folder });
  context.after(async () => {
    await server.close();
    await removeFolder(folder);
  });
  return { folder, server };
}

async function withRepository(
  context: TestContext,
  files: Record<string, string>,
): Promise<Stage & { head: string }> {
  const stage = await withServer(context);
  const repository = await makeRepository(path.join(stage.folder, 'o', 'r.git'));
  return { ...stage, head: await repository.write(files).commit() };
}

const incompressible = Array.from({ length: 4000 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('hex'),
).join('\n');

test('git itself clones from the server, with and without .git in the address', async (context) => {
  const { folder, server, head } = await withRepository(context, { a: 'one', 'b/c': 'two' });
  for (const name of ['r', 'r.git']) {
    const clone = path.join(folder, `clone-of-${name}`);
    await git(['clone', '--quiet', `${server.url}/o/${name}`, clone]);
    assert.equal(await git(['rev-parse', 'HEAD'], { folder: clone }), head);
    assert.deepEqual(
      [...(await readTree(clone)).keys()].filter((name_) => !name_.startsWith('.git/')),
      ['a', 'b/c'],
    );
  }
});

test('requests are logged in order with the command, the filter and the bytes of both bodies', async (context) => {
  const { folder, server, head } = await withRepository(context, { a: 'one', big: incompressible });
  const clone = path.join(folder, 'clone');
  await git(['clone', '--quiet', '--bare', '--filter=blob:none', `${server.url}/o/r`, clone]);
  assert.deepEqual(
    server.requests.map(({ method, path: place, command, filter, status }) => [
      method,
      place,
      command,
      filter,
      status,
    ]),
    [
      ['GET', '/o/r/info/refs', undefined, undefined, 200],
      ['POST', '/o/r/git-upload-pack', 'ls-refs', undefined, 200],
      ['POST', '/o/r/git-upload-pack', 'fetch', true, 200],
    ],
  );
  assert.deepEqual(new Set(server.fetches[0]?.wants), new Set([head]));
  const withoutBlobs = server.bytes;
  assert.ok(withoutBlobs > 300 && withoutBlobs < 3000, `${withoutBlobs} bytes`);
  server.reset();
  assert.equal(server.bytes, 0);
  await git(['clone', '--quiet', '--bare', `${server.url}/o/r`, path.join(folder, 'whole')]);
  assert.equal(server.fetches[0]?.filter, false);
  assert.ok((server.fetches[0]?.bytesOut ?? 0) > incompressible.length / 2);
});

test('a repository can refuse filters', async (context) => {
  const { folder, server } = await withServer(context);
  const repository = await makeRepository(path.join(folder, 'o', 'r.git'), { allowFilter: false });
  await repository.write({ a: 'one' }).commit();
  const response = await fetch(`${server.url}/o/r/info/refs?service=git-upload-pack`, {
    headers: { 'git-protocol': 'version=2' },
  });
  const capabilities = await response.text();
  assert.match(capabilities, /fetch=shallow/);
  assert.doesNotMatch(capabilities, /filter/);
});

test('an archive carries the commit as its entity tag, also for HEAD and for a ref with a slash', async (context) => {
  const { server, head } = await withRepository(context, { a: 'one' });
  const archive = await fetch(`${server.url}/o/r/archive/refs/heads/main.tar.gz`);
  assert.equal(archive.headers.get('etag'), `"${head}"`);
  const bytes = Buffer.from(await archive.arrayBuffer());
  assert.deepEqual([...bytes.subarray(0, 2)], [0x1f, 0x8b]);
  const asked = await fetch(`${server.url}/o/r/archive/main.tar.gz`, { method: 'HEAD' });
  assert.equal(asked.headers.get('etag'), `"${head}"`);
  assert.equal((await fetch(`${server.url}/o/r/archive/nothing.tar.gz`)).status, 404);
  const known = await fetch(`${server.url}/o/r/archive/main.tar.gz`, {
    headers: { 'if-none-match': `"${head}"` },
  });
  assert.equal(known.status, 304);
});

test('a file is served with an entity tag, and nothing outside the folder is', async (context) => {
  const { folder, server } = await withServer(context);
  await mkdir(path.join(folder, 'files'));
  await writeFile(path.join(folder, 'files', 'x.txt'), 'hello');
  await writeFile(path.join(folder, 'secret'), 'hidden');
  const response = await fetch(`${server.url}/files/x.txt`);
  assert.equal(await response.text(), 'hello');
  assert.match(response.headers.get('etag') ?? '', /^"[0-9a-f]{64}"$/);
  assert.equal((await fetch(`${server.url}/files/..%2Fsecret`)).status, 404);
});

test('each kind of fault strikes as it says, and only what it matches', async (context) => {
  const { folder, server } = await withServer(context);
  await mkdir(path.join(folder, 'files'));
  await writeFile(path.join(folder, 'files', 'x'), 'x'.repeat(1000));
  const url = `${server.url}/files/x`;

  server.fault({ kind: 'status', status: 429, headers: { 'retry-after': '7' }, times: 1 });
  const busy = await fetch(url);
  assert.deepEqual([busy.status, busy.headers.get('retry-after')], [429, '7']);
  assert.equal((await fetch(url)).status, 200);

  const redirect = server.fault({
    kind: 'redirect',
    location: '/files/other',
    match: ({ path: p }) => p === '/files/x',
  });
  assert.equal((await fetch(url, { redirect: 'manual' })).headers.get('location'), '/files/other');
  redirect.release();

  server.fault({ kind: 'corrupt', atByte: 3, times: 1 });
  assert.equal((await (await fetch(url)).text()).slice(0, 5), 'xxx8x');

  server.reset();
  server.fault({ kind: 'cut', afterBytes: 100, times: 1 });
  await assert.rejects(async () => (await fetch(url)).arrayBuffer());
  assert.equal(server.requests[0]?.bytesOut, 100);

  const silent = server.fault({ kind: 'hang', times: 1 });
  const abort = new AbortController();
  const asked = assert.rejects(fetch(url, { signal: abort.signal }));
  await silent.waitForStrike();
  abort.abort();
  await asked;

  const late = server.fault({ kind: 'delay', delayMs: 20, times: 1 });
  assert.equal((await fetch(url)).status, 200);
  assert.equal(late.struck, 1);

  const held = server.fault({ kind: 'hold', times: 1 });
  const waiting = fetch(url);
  await held.waitForStrike();
  held.release();
  assert.equal((await waiting).status, 200);
});

function isFetch({ command }: { readonly command?: string }): boolean {
  return command === 'fetch';
}

test('a pack that is cut or corrupted makes git fail, and one that hangs can be walked away from', async (context) => {
  const { folder, server } = await withRepository(context, { big: incompressible });
  for (const fault of [
    { kind: 'cut', afterBytes: 5000 } as const,
    { kind: 'corrupt', atByte: 5000 } as const,
  ]) {
    server.fault({ ...fault, match: isFetch, times: 1 });
    await assert.rejects(
      git(['clone', '--quiet', `${server.url}/o/r`, path.join(folder, fault.kind)]),
      /git clone/,
    );
  }
  const hang = server.fault({ kind: 'hang', afterBytes: 5000, match: isFetch });
  const abort = new AbortController();
  const want = `0032want ${await headOf(server)}\n`;
  const body = Buffer.from(`0011command=fetch0001000fno-progress${want}0009done\n0000`);
  const response = await fetch(`${server.url}/o/r/git-upload-pack`, {
    method: 'POST',
    body,
    headers: { 'git-protocol': 'version=2', 'content-type': 'application/x-git-upload-pack-request' },
    signal: abort.signal,
  });
  assert.equal(response.status, 200);
  await hang.waitForStrike();
  assert.ok((server.requests.at(-1)?.bytesOut ?? 0) <= 5000);
  abort.abort();
  await assert.rejects(response.arrayBuffer());
});

async function headOf(server: GitServer): Promise<string> {
  const listing = await git(['ls-remote', `${server.url}/o/r`, 'refs/heads/main']);
  return listing.slice(0, 40);
}

test('certificates are good, for another host, expired, or of an unknown authority', async (context) => {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const certificates = await makeCertificates(path.join(folder, 'certificates'));
  const repository = await makeRepository(path.join(folder, 'o', 'r.git'));
  const head = await repository.write({ a: 'one' }).commit();
  const environment = { GIT_SSL_CAINFO: certificates.authorityFile };
  const ask = async (tls: { certificate: string; key: string }): Promise<string> => {
    const server = await startGitServer({ repositories: folder, tls });
    try {
      return await git(['ls-remote', `${server.url}/o/r`, 'HEAD'], { environment });
    } finally {
      await server.close();
    }
  };
  assert.equal(await ask(certificates.good), `${head}\tHEAD`);
  await assert.rejects(ask(certificates.wrongName), /ls-remote/);
  await assert.rejects(ask(certificates.expired), /ls-remote/);
  await assert.rejects(ask(certificates.unknownAuthority), /ls-remote/);
});
