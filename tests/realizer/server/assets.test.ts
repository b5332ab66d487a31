import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { digestOf } from '../../../src/foundation/index.ts';
import {
  BadRequestSchema,
  ContentAddressableStorage,
  DigestFunction_Value,
  DirectorySchema,
  Fetch,
  Push,
} from '../../../src/realizer/protocol/index.ts';
import { Store } from '../../../src/store/index.ts';
import { type GitServer, makeArchive, makeRepository, startGitServer } from '../../support/index.ts';
import { type RunningServer, withServer } from './support/running-server.ts';

interface Scenario {
  readonly running: RunningServer;
  readonly forge: GitServer;
  readonly place: (name: string) => string;
  readonly serveFile: (name: string, content: Uint8Array | string) => Promise<string>;
}

async function scenario(context: TestContext): Promise<Scenario> {
  const running = await withServer(context, { toml: everybody('127.0.0.1') });
  const repositories = path.join(running.folder, 'forge');
  const forge = await startGitServer({ repositories });
  context.after(() => forge.close());
  const place = (name: string): string => path.join(repositories, name);
  return {
    running,
    forge,
    place,
    async serveFile(name, content) {
      await mkdir(place('files'), { recursive: true });
      await writeFile(place(`files/${name}`), content);
      return `${forge.url}/files/${name}`;
    },
  };
}

/** The machine's own network is no public one, so a test has to allow it. */
function everybody(...allow: readonly string[]): string {
  return `
listen = ["unix:realizer.sock"]
[local]
may = ["read", "write", "execute", "push-assets"]
[network]
allow = ${JSON.stringify(allow)}
`;
}

function sha256(content: Uint8Array | string, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('sha256').update(content).digest(encoding);
}

async function read(
  running: RunningServer,
  digest: { hash: string; sizeBytes: bigint } | undefined,
  digestFunction = DigestFunction_Value.SHA256,
): Promise<Buffer> {
  assert.ok(digest !== undefined);
  const cas = running.client(ContentAddressableStorage);
  const { responses } = await cas.batchReadBlobs({ digests: [digest], digestFunction });
  assert.equal(responses[0]?.status?.code ?? 0, 0);
  return Buffer.from(responses[0]?.data ?? []);
}

/** All files below a directory, by path, as the CAS gives them. */
async function treeOf(
  running: RunningServer,
  root: { hash: string; sizeBytes: bigint } | undefined,
  digestFunction = DigestFunction_Value.SHA256,
  prefix = '',
): Promise<Record<string, string>> {
  const directory = fromBinary(DirectorySchema, await read(running, root, digestFunction));
  const found: Record<string, string> = {};
  for (const { name, digest } of directory.files) {
    found[prefix + name] = (await read(running, digest, digestFunction)).toString();
  }
  for (const { name, target } of directory.symlinks) found[prefix + name] = `-> ${target}`;
  for (const { name, digest } of directory.directories) {
    Object.assign(found, await treeOf(running, digest, digestFunction, `${prefix}${name}/`));
  }
  return found;
}

test('a file is fetched as it comes, though it is an archive, under the digest function that was asked for', async (context) => {
  const { running, serveFile, forge } = await scenario(context);
  const archive = await makeArchive({ 'top/a': 'a' });
  const uri = await serveFile('x.tar.gz', archive);
  const fetch = running.client(Fetch);
  const answer = await fetch.fetchBlob({ uris: [uri] });
  assert.equal(answer.status, undefined);
  assert.equal(answer.uri, uri);
  assert.equal(answer.digestFunction, DigestFunction_Value.SHA256);
  assert.deepEqual(answer.blobDigest?.hash, sha256(archive));
  assert.ok((await read(running, answer.blobDigest)).equals(archive));
  forge.reset();
  const other = await fetch.fetchBlob({ uris: [uri], digestFunction: DigestFunction_Value.BLAKE3 });
  assert.equal(other.blobDigest?.hash, digestOf(archive));
  assert.equal(other.digestFunction, DigestFunction_Value.BLAKE3);
  assert.ok((await read(running, other.blobDigest, DigestFunction_Value.BLAKE3)).equals(archive));
  // Its origin was asked whether it is still the same, and for no more.
  assert.deepEqual(
    forge.requests.map(({ method }) => method),
    ['HEAD'],
  );
});

test('a checksum is compared with what comes, and answers by itself the next time', async (context) => {
  const { running, serveFile, forge } = await scenario(context);
  const uri = await serveFile('x', 'content');
  const fetch = running.client(Fetch);
  const right = { name: 'checksum.sri', value: `sha256-${sha256('content', 'base64')}` };
  const wrong = { name: 'checksum.sri', value: `sha256-${sha256('other', 'base64')}` };
  const failed = await fetch.fetchBlob({ uris: [uri], qualifiers: [wrong] });
  assert.equal(failed.status?.code, Code.Aborted);
  assert.match(failed.status.message, /another digest than the one that was published/);
  assert.ok(
    failed.status.message.includes(right.value) && failed.status.message.includes(wrong.value),
    failed.status.message,
  );
  assert.equal(failed.blobDigest, undefined);
  const answer = await fetch.fetchBlob({ uris: [uri], qualifiers: [right] });
  assert.equal(answer.blobDigest?.hash, sha256('content'));
  assert.deepEqual(
    answer.qualifiers.map(({ name, value }) => ({ name, value })),
    [right],
  );
  forge.reset();
  await fetch.fetchBlob({ uris: [uri], qualifiers: [right] });
  assert.deepEqual(forge.requests, []);
  for (const algorithm of ['sha384', 'sha512']) {
    const digest = createHash(algorithm).update('content').digest('base64');
    const value = `${algorithm}-${digest}`;
    const { blobDigest } = await fetch.fetchBlob({
      uris: [uri],
      qualifiers: [{ name: 'checksum.sri', value }],
    });
    assert.equal(blobDigest?.hash, sha256('content'), algorithm);
    const other = `${algorithm}-${createHash(algorithm).update('x').digest('base64')}`;
    const { status } = await fetch.fetchBlob({
      uris: [uri],
      qualifiers: [{ name: 'checksum.sri', value: other }],
    });
    assert.equal(status?.code, Code.Aborted, algorithm);
    assert.ok(status.message.includes(value) && status.message.includes(other), status.message);
  }
});

test('an archive is unpacked where a directory is wanted, and every directory of it can be read', async (context) => {
  const { running, serveFile } = await scenario(context);
  const uri = await serveFile('x.tar.gz', await makeArchive({ 'top/a': 'a', 'top/deep/er/b': 'b' }));
  const fetch = running.client(Fetch);
  for (const digestFunction of [DigestFunction_Value.SHA256, DigestFunction_Value.BLAKE3]) {
    const whole = await fetch.fetchDirectory({ uris: [uri], digestFunction });
    assert.deepEqual(await treeOf(running, whole.rootDirectoryDigest, digestFunction), {
      a: 'a',
      'deep/er/b': 'b',
    });
    const part = await fetch.fetchDirectory({
      uris: [uri],
      digestFunction,
      qualifiers: [{ name: 'directory', value: 'deep' }],
    });
    assert.deepEqual(await treeOf(running, part.rootDirectoryDigest, digestFunction), { 'er/b': 'b' });
  }
  const file = await fetch.fetchBlob({
    uris: [uri],
    qualifiers: [{ name: 'directory', value: 'deep/er/b' }],
  });
  assert.equal((await read(running, file.blobDigest)).toString(), 'b');
  const none = await fetch.fetchDirectory({
    uris: [uri],
    qualifiers: [{ name: 'directory', value: 'nowhere' }],
  });
  assert.equal(none.status?.code, Code.NotFound);
});

test('a repository of git is fetched by branch and by commit, and the commit of a branch is told', async (context) => {
  const { running, place, forge } = await scenario(context);
  const repository = await makeRepository(place('o/r.git'));
  const first = await repository.write({ 'docs/page': 'one' }).commit();
  const second = await repository.write({ 'docs/page': 'two' }).commit();
  const uris = [`${forge.url}/o/r.git`];
  const fetch = running.client(Fetch);
  const type = { name: 'resource_type', value: 'application/x-git' };
  const branch = await fetch.fetchDirectory({
    uris,
    qualifiers: [type, { name: 'vcs.branch', value: 'main' }],
  });
  assert.deepEqual(await treeOf(running, branch.rootDirectoryDigest), { 'docs/page': 'two' });
  assert.ok(branch.qualifiers.some(({ name, value }) => name === 'vcs.commit' && value === second));
  const commit = { name: 'vcs.commit', value: first };
  const directory = { name: 'directory', value: 'docs' };
  const pinned = await fetch.fetchDirectory({ uris, qualifiers: [type, commit, directory] });
  assert.deepEqual(await treeOf(running, pinned.rootDirectoryDigest), { page: 'one' });
  forge.reset();
  await fetch.fetchDirectory({ uris, qualifiers: [type, commit, directory] });
  assert.deepEqual(forge.requests, []);
  const missing = await fetch.fetchDirectory({
    uris,
    qualifiers: [{ name: 'vcs.branch', value: 'nowhere' }],
  });
  assert.equal(missing.status?.code, Code.NotFound);
  assert.match(missing.status.message, /no such branch, tag or commit/);
  const tree = await fetch.fetchBlob({ uris, qualifiers: [type] });
  assert.equal(tree.status?.code, Code.Aborted);
  assert.match(tree.status.message, /it is a directory, and no file/);
});

test('several addresses are tried in their order, and the failure of the first is told', async (context) => {
  const { running, serveFile, forge } = await scenario(context);
  const uri = await serveFile('x', 'content');
  const fetch = running.client(Fetch);
  const answer = await fetch.fetchBlob({ uris: [`${forge.url}/files/none`, 'urn:x:y', uri] });
  assert.equal(answer.uri, uri);
  assert.equal(answer.blobDigest?.hash, sha256('content'));
  const failed = await fetch.fetchBlob({ uris: [`${forge.url}/files/none`, 'urn:x:y'] });
  assert.equal(failed.status?.code, Code.NotFound);
  assert.equal(failed.uri, `${forge.url}/files/none`);
});

test('what is not understood is refused with its name', async (context) => {
  const { running } = await scenario(context);
  const fetch = running.client(Fetch);
  const uris = ['https://example.org/x'];
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ uris: [] }, /names no uri/],
    [{ uris, qualifiers: [{ name: 'colour', value: 'red' }] }, /does not know what 'colour' means/],
    [
      {
        uris,
        qualifiers: [
          { name: 'directory', value: 'a' },
          { name: 'directory', value: 'b' },
        ],
      },
      /twice/,
    ],
    [{ uris, qualifiers: [{ name: 'checksum.sri', value: 'sha256-abc' }] }, /no checksum of the form/],
    [
      { uris, qualifiers: [{ name: 'resource_type', value: 'application/x-svn' }] },
      /nothing here that fetches/,
    ],
    [{ uris, digestFunction: DigestFunction_Value.MD5 }, /SHA-256 and BLAKE3 only/],
    [{ uris, timeout: { seconds: -1n } }, /longer than nothing/],
    [{ uris, qualifiers: [{ name: 'http_header:host', value: 'x' }] }, /cannot be chosen/],
    [
      { uris, qualifiers: [{ name: 'http_header:x', value: 'secret\r\ny: z' }] },
      /the value of the header 'x'/,
    ],
    [{ uris, qualifiers: [{ name: 'http_header_url:3:x', value: 'x' }] }, /an address that is not there/],
  ];
  for (const [request, pattern] of cases) {
    await assert.rejects(fetch.fetchBlob(request), (error) => {
      assert.ok(error instanceof ConnectError);
      assert.equal(error.code, Code.InvalidArgument);
      assert.match(error.rawMessage, pattern);
      assert.doesNotMatch(error.rawMessage, /secret/);
      return true;
    });
  }
  const refused = await fetch
    .fetchBlob({ uris, qualifiers: [{ name: 'colour', value: 'red' }] })
    .catch((error: unknown) => ConnectError.from(error).findDetails(BadRequestSchema));
  assert.ok(Array.isArray(refused));
  assert.deepEqual(
    refused[0]?.fieldViolations.map(({ field, description }) => [field, description]),
    [['qualifiers.name', '"colour" not supported']],
  );
});

test('the network policy counts for assets, and addresses with passwords are refused', async (context) => {
  const running = await withServer(context, { toml: everybody() });
  const fetch = running.client(Fetch);
  const closed = await fetch.fetchBlob({ uris: ['http://127.0.0.1:9/x'] });
  assert.equal(closed.status?.code, Code.PermissionDenied);
  const secret = await fetch.fetchBlob({ uris: ['https://user:secret@example.org/x'] });
  assert.equal(secret.status?.code, Code.InvalidArgument);
  assert.doesNotMatch(JSON.stringify(secret.status), /secret/);
});

test('headers go to the address that they are for, to no other host, and into no record', async (context) => {
  const { running } = await scenario(context);
  const seen: (readonly [string, string | undefined, string | undefined])[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(['elsewhere', request.headers['x-token'] as string, request.headers.authorization]);
    response.end('content');
  }).listen(0, '127.0.0.1');
  const origin = createServer((request, response) => {
    seen.push([request.url ?? '', request.headers['x-token'] as string, request.headers.authorization]);
    if (request.url === '/away') {
      const { port } = elsewhere.address() as AddressInfo;
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
    } else if (request.headers.authorization === 'Bearer s3cret') response.end('for you');
    else response.writeHead(401).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => setImmediate(resolve));
  context.after(() => {
    for (const server of [origin, elsewhere]) server.close().closeAllConnections();
  });
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const headers = [
    { name: 'http_header:X-Token', value: 't0ken' },
    { name: 'http_header_url:0:Authorization', value: 'Bearer s3cret' },
  ];
  const fetch = running.client(Fetch);
  const answer = await fetch.fetchBlob({ uris: [`${url}/x`], qualifiers: headers });
  assert.equal((await read(running, answer.blobDigest)).toString(), 'for you');
  assert.deepEqual(answer.qualifiers, []);
  const bazel = {
    name: 'bazel.auth_headers',
    value: JSON.stringify({ [`${url}/y`]: { Authorization: 'Bearer s3cret' } }),
  };
  assert.equal(
    (await fetch.fetchBlob({ uris: [`${url}/y`], qualifiers: [bazel] })).blobDigest?.hash,
    sha256('for you'),
  );
  // Whoever does not show them does not get it, though it is in the store.
  const other = await fetch.fetchBlob({ uris: [`${url}/x`] });
  assert.equal(other.status?.code, Code.PermissionDenied);
  const moved = await fetch.fetchBlob({ uris: [`${url}/away`], qualifiers: headers });
  assert.equal((await read(running, moved.blobDigest)).toString(), 'content');
  const away = seen.filter(([place]) => place === 'elsewhere');
  assert.ok(away.length > 0);
  assert.deepEqual(
    new Set(away.map(([, token, authorization]) => `${token} ${authorization}`)),
    new Set(['undefined undefined']),
  );
  assert.ok(seen.some(([place, token]) => place === '/away' && token === 't0ken'));
  assert.doesNotMatch(JSON.stringify(running.events), /s3cret|t0ken/);
  await running.server.close();
  const database = await readFile(path.join(running.storeFolder, 'metadata.sqlite'));
  assert.ok(database.length > 0);
  assert.ok(!database.includes('s3cret') && !database.includes('t0ken'));
});

test('a timeout is told as one, and the work that it was for does not stay', async (context) => {
  const { running, serveFile, forge } = await scenario(context);
  const uri = await serveFile('x', 'content');
  forge.fault({ kind: 'hang' });
  const fetch = running.client(Fetch);
  const answer = await fetch.fetchBlob({ uris: [uri], timeout: { nanos: 300_000_000 } });
  assert.equal(answer.status?.code, Code.DeadlineExceeded);
  await running.server.drain(60_000);
  assert.deepEqual(
    running.events.filter(({ type }) => type === 'drained'),
    [{ type: 'drained', running: 0 }],
  );
});

test('what was pushed is fetched under its very qualifiers, until it expires or is too old', async (context) => {
  const { running } = await scenario(context);
  const cas = running.client(ContentAddressableStorage);
  const data = Buffer.from('pushed');
  const blobDigest = { hash: sha256(data), sizeBytes: BigInt(data.length) };
  const uris = ['urn:example:artifact', 'https://example.org/artifact'];
  const qualifiers = [
    { name: 'resource_type', value: 'application/x-of-our-own' },
    { name: 'colour', value: 'red' },
  ];
  const push = running.client(Push);
  await assert.rejects(push.pushBlob({ uris, blobDigest }), /is not there: upload it first/);
  await cas.batchUpdateBlobs({ requests: [{ digest: blobDigest, data }] });
  const expireAt = timestampFromMs(Date.now() + 3_600_000);
  await push.pushBlob({ uris, qualifiers, blobDigest, expireAt });
  const fetch = running.client(Fetch);
  for (const uri of uris) {
    const answer = await fetch.fetchBlob({ uris: [uri], qualifiers: qualifiers.toReversed() });
    assert.equal(answer.blobDigest?.hash, blobDigest.hash, uri);
    assert.equal(answer.expiresAt?.seconds, expireAt.seconds);
    const other = await fetch.fetchBlob({
      uris: [uri],
      qualifiers,
      digestFunction: DigestFunction_Value.BLAKE3,
    });
    assert.equal(other.blobDigest?.hash, digestOf(data));
  }
  const plain = await fetch.fetchBlob({ uris: ['urn:example:artifact'] });
  assert.equal(plain.status?.code, Code.NotFound);
  assert.match(plain.status.message, /nobody has pushed it/);
  const oldestContentAccepted = timestampFromMs(Date.now() + 1000);
  const fresh = await fetch.fetchBlob({ uris: ['urn:example:artifact'], qualifiers, oldestContentAccepted });
  assert.notEqual(fresh.status, undefined);
  await assert.rejects(
    push.pushBlob({ uris, blobDigest, expireAt: timestampFromMs(1000) }),
    /expired already/,
  );
});

test('a directory that was pushed has to be whole', async (context) => {
  const { running, serveFile } = await scenario(context);
  const uri = await serveFile('x.tar.gz', await makeArchive({ 'top/a': 'a', 'top/deep/b': 'b' }));
  const fetch = running.client(Fetch);
  const { rootDirectoryDigest } = await fetch.fetchDirectory({ uris: [uri] });
  const push = running.client(Push);
  await push.pushDirectory({ uris: ['urn:tree'], ...(rootDirectoryDigest && { rootDirectoryDigest }) });
  const found = await fetch.fetchDirectory({ uris: ['urn:tree'] });
  assert.deepEqual(await treeOf(running, found.rootDirectoryDigest), { a: 'a', 'deep/b': 'b' });
  const nobodyHas = { hash: 'ab'.repeat(32), sizeBytes: 5n };
  const lacking = toBinary(
    DirectorySchema,
    create(DirectorySchema, { files: [{ name: 'x', digest: nobodyHas }] }),
  );
  const cas = running.client(ContentAddressableStorage);
  const digest = { hash: sha256(lacking), sizeBytes: BigInt(lacking.length) };
  await cas.batchUpdateBlobs({ requests: [{ digest, data: lacking }] });
  await assert.rejects(
    push.pushDirectory({ uris: ['urn:tree'], rootDirectoryDigest: digest }),
    /blobs\/abab.*\/5 is not there: upload it first/,
  );
  const text = Buffer.from('no directory');
  const other = { hash: sha256(text), sizeBytes: BigInt(text.length) };
  await cas.batchUpdateBlobs({ requests: [{ digest: other, data: text }] });
  await assert.rejects(
    push.pushDirectory({ uris: ['urn:tree'], rootDirectoryDigest: other }),
    /is no directory/,
  );
});

test('a download counts as an action of its client, and what it brings as stored by it', async (context) => {
  const { running, serveFile, forge } = await scenario(context);
  const [first, second] = [await serveFile('x', 'content'), await serveFile('y', 'other content')];
  await running.configure(
    everybody('127.0.0.1').replace('[network]', 'actions = 1\nstore-bytes = 10\n[network]'),
  );
  await running.server.reload(running.configuration());
  const fetch = running.client(Fetch);
  const hold = forge.fault({ kind: 'hold' });
  const downloading = fetch.fetchBlob({ uris: [first] });
  await hold.waitForStrike();
  await assert.rejects(fetch.fetchBlob({ uris: [second] }), /may have 1 actions at once/);
  hold.release();
  assert.equal((await downloading).blobDigest?.hash, sha256('content'));
  assert.equal((await fetch.fetchBlob({ uris: [second] })).blobDigest?.hash, sha256('other content'));
  await assert.rejects(fetch.fetchBlob({ uris: [first] }), /may put 10 bytes into the store within a day/);
});

test('the programs that fetch are in the store of a server before anybody sends them', async (context) => {
  const { running } = await scenario(context);
  await running.server.close();
  const store = Store.open(running.storeFolder);
  context.after(() => store.close());
  for (const name of ['fetch.wasm', 'unpack.wasm', 'download.wasm']) {
    assert.equal(store.named.withName(name, 5).length, 1, name);
  }
});
