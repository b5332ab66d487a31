import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  Capabilities,
  ContentAddressableStorage,
  Fetch,
  Health,
  HealthCheckResponse_ServingStatus,
  Realizer,
  RetryInfoSchema,
} from '../../src/realizer/protocol/index.ts';
import { type CabRig, makeCertificates, withCab } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { parsePrometheus, valueOf } from './prometheus.ts';
import { serveRealizer } from './served-realizer.ts';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Programs of a server do not reach this machine, unless it is said. */
function open(...lines: readonly string[]): string {
  return `
listen = ["tcp:127.0.0.1:0"]
${lines.join('\n')}
[anonymous]
[metrics]
listen = "tcp:127.0.0.1:0"
[network]
allow = ["127.0.0.1"]
`;
}

async function codeOf(call: Promise<unknown>): Promise<Code | undefined> {
  return await call.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );
}

test('without a file a user has a socket of his own, which nobody else can open', async (context) => {
  const rig = await withCab(context);
  rig.environment['XDG_RUNTIME_DIR'] = path.join(rig.folder, 'run');
  const realizer = await serveRealizer(rig, undefined);
  const socket = path.join(rig.folder, 'run', 'cab', 'realizer.sock');
  assert.deepEqual(realizer.told.listening, [`unix:${socket}`]);
  assert.equal(realizer.told.token, undefined);
  assert.equal((await stat(socket)).mode & 0o777, 0o600);
  assert.equal((await stat(path.dirname(socket))).mode & 0o777, 0o700);
  const status = await realizer.client(Realizer).getStatus({});
  assert.equal(status.client, 'local');
  assert.ok(status.features.includes('wasm'));
  assert.equal(status.draining, false);
  assert.match(status.version, /^[0-9]+\.[0-9]+\.[0-9]+/);
  const capabilities = await realizer.client(Capabilities).getCapabilities({});
  assert.ok(capabilities.cacheCapabilities !== undefined);
  const { code } = await realizer.end();
  assert.equal(code, 0);
  await assert.rejects(stat(socket), 'it takes its socket with it');
});

test('without a folder for sockets whoever shows the token that was printed may use it, and nobody else', async (context) => {
  const rig = await withCab(context);
  const realizer = await serveRealizer(rig, undefined, '--listen', 'tcp:127.0.0.1:0');
  const { token } = realizer.told;
  assert.match(token ?? '', /^cab_[A-Za-z0-9_-]{43}$/);
  assert.equal(await codeOf(realizer.client(Realizer).getStatus({})), Code.Unauthenticated);
  assert.equal(
    await codeOf(realizer.client(Realizer, { token: 'cab_other' }).getStatus({})),
    Code.Unauthenticated,
  );
  const status = await realizer.client(Realizer, { token: token as string }).getStatus({});
  assert.equal(status.client, 'owner');
  const { stderr } = await realizer.end();
  assert.ok(!stderr.includes(token as string), 'the log holds no secret');
});

test('cab realizer token makes a token and the lines that let it in', async (context) => {
  const rig = await withCab(context);
  const { stdout } = await rig.succeed('realizer', 'token', 'ci');
  const [, token] = /^(cab_[A-Za-z0-9_-]{43})$/m.exec(stdout) ?? [];
  const [, table] = /^(\[clients\.ci\]\n(?:.+\n)+)/m.exec(stdout) ?? [];
  const realizer = await serveRealizer(rig, `listen = ["tcp:127.0.0.1:0"]\n${table}`);
  const status = await realizer.client(Realizer, { token: token as string }).getStatus({});
  assert.equal(status.client, 'ci');
  const again = (await rig.succeed('realizer', 'token', '--json')).json() as {
    token: string;
    sha256: string;
  };
  assert.equal(sha256(again.token), again.sha256);
  assert.notEqual(again.token, token);
});

test('a configuration that nobody could use, or that cannot be used, ends the start', async (context) => {
  const rig = await withCab(context);
  const file = path.join(rig.folder, 'realizer.toml');
  const serve = (...words: string[]) => rig.cab('realizer', 'serve', '--config', file, ...words);
  const cases: readonly (readonly [string, string, string, ...string[]])[] = [
    ['a realizer that nobody may use', 'CAB6036', 'listen = ["tcp:127.0.0.1:0"]\n'],
    ["a realizer's configuration with a misspelt setting", 'CAB6002', 'lisen = []\n'],
    [
      "a realizer's certificate that is not there",
      'CAB6035',
      'listen = ["tcp:127.0.0.1:0"]\n[anonymous]\n[tls]\ncertificate = "none.pem"\nkey = "none.key"\n',
    ],
    [
      'a realizer at an address where another listens',
      'CAB6033',
      '[anonymous]\n',
      '--listen',
      `tcp:127.0.0.1:${rig.server.port}`,
    ],
  ];
  for (const [title, code, toml, ...words] of cases) {
    await writeFile(file, toml);
    await assertDiagnostic(rig, await serve(...words), { title, code });
  }
  const usage = { title: 'a realizer at what is no address', code: 'CAB6001', exitCode: 2 };
  await assertDiagnostic(rig, await serve('--listen', '127.0.0.1'), usage);
});

test('health, readiness and metrics are told, and counted as they are', async (context) => {
  const rig = await withCab(context);
  await rig.serveFiles({ x: 'content' });
  const realizer = await serveRealizer(rig, open());
  const health = realizer.client(Health);
  assert.equal((await health.check({})).status, HealthCheckResponse_ServingStatus.SERVING);
  const service = 'build.bazel.remote.asset.v1.Fetch';
  assert.equal((await health.check({ service })).status, HealthCheckResponse_ServingStatus.SERVING);
  assert.equal(await codeOf(health.check({ service: 'nothing.Such' })), Code.NotFound);
  const fetch = realizer.client(Fetch);
  for (let i = 0; i < 3; i++) await fetch.fetchBlob({ uris: [`${rig.server.url}/files/x`] });
  await fetch.fetchBlob({ uris: [`${rig.server.url}/files/none`] });
  assert.equal(await codeOf(fetch.fetchBlob({})), Code.InvalidArgument);
  assert.deepEqual(await realizer.get('/healthz'), { status: 200, text: 'serving\n' });
  assert.deepEqual(await realizer.get('/readyz'), { status: 200, text: 'serving\n' });
  assert.equal((await realizer.get('/other')).status, 404);
  const samples = parsePrometheus((await realizer.get('/metrics')).text);
  const calls = 'cab_realizer_calls_total';
  assert.equal(valueOf(samples, calls, { method: 'Fetch/FetchBlob', status: 'OK' }), 4);
  assert.equal(valueOf(samples, calls, { method: 'Fetch/FetchBlob', status: 'INVALID_ARGUMENT' }), 1);
  assert.equal(valueOf(samples, calls, { method: 'Health/Check', status: 'NOT_FOUND' }), 1);
  assert.equal(valueOf(samples, 'cab_realizer_call_seconds_count', { method: 'Fetch/FetchBlob' }), 5);
  assert.equal(valueOf(samples, 'cab_realizer_assets_total', { how: 'fetched' }), 1);
  assert.equal(valueOf(samples, 'cab_realizer_assets_total', { how: 'known' }), 2);
  assert.equal(valueOf(samples, 'cab_realizer_assets_total', { how: 'failed' }), 1);
  assert.equal(valueOf(samples, 'cab_realizer_claims_ended_early_total'), 2);
  assert.ok(valueOf(samples, 'cab_realizer_received_bytes_total') > 0);
  assert.ok(valueOf(samples, 'cab_realizer_sent_bytes_total') > 0);
  assert.ok(valueOf(samples, 'cab_realizer_connections_total') >= 1);
  assert.ok(samples.some(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds'));
  // Whatever clients make up is counted as one.
  const labels = new Set(
    samples.filter(({ name }) => name === calls).map((sample) => sample.labels['method']),
  );
  assert.deepEqual(labels, new Set(['Fetch/FetchBlob', 'Health/Check']));
});

test('each line of the log is JSON with time, level, event, client, rpc, status and duration', async (context) => {
  const rig = await withCab(context);
  const realizer = await serveRealizer(rig, open());
  await codeOf(realizer.client(Fetch).fetchBlob({}));
  const line = await realizer.logged('call-ended');
  assert.equal(line['level'], 'info');
  assert.equal(line['client'], 'anonymous');
  assert.equal(line['rpc'], 'Fetch/FetchBlob');
  assert.equal(line['status'], 'INVALID_ARGUMENT');
  assert.equal(typeof line['durationMs'], 'number');
  // A message without fields, behind the five bytes that each message has before it; and no answer.
  assert.deepEqual([line['bytesIn'], line['bytesOut']], [5, 0]);
  assert.ok(!Number.isNaN(Date.parse(line['time'] as string)));
  await realizer.end();
  assert.deepEqual(
    realizer.log.map(({ event }) => event),
    ['listening', 'call-ended', 'draining', 'drained', 'closed'],
  );
});

/** A realizer with a download under way, whose origin does not answer before it is let go. */
async function withDownload(rig: CabRig, ...lines: readonly string[]) {
  await rig.serveFiles({ x: 'content' });
  const hold = rig.server.fault({ kind: 'hold' });
  const realizer = await serveRealizer(rig, open(...lines));
  const download = realizer.client(Fetch).fetchBlob({ uris: [`${rig.server.url}/files/x`] });
  download.catch(() => {});
  await hold.waitForStrike();
  return { realizer, download, hold };
}

test('told to end it takes no new work, lets what runs come to its end, and says so to all', async (context) => {
  const rig = await withCab(context);
  const { realizer, download, hold } = await withDownload(rig);
  const health = realizer.client(Health);
  const states: HealthCheckResponse_ServingStatus[] = [];
  const watching = (async () => {
    for await (const { status } of health.watch({})) states.push(status);
  })();
  await health.check({});
  realizer.signal('SIGTERM');
  assert.equal((await realizer.logged('draining'))['running'], 1);
  assert.deepEqual(await realizer.get('/readyz'), { status: 503, text: 'draining\n' });
  assert.equal((await realizer.get('/healthz')).status, 200);
  assert.equal((await health.check({})).status, HealthCheckResponse_ServingStatus.NOT_SERVING);
  assert.equal((await realizer.client(Realizer).getStatus({})).draining, true);
  const refused = await realizer
    .client(Fetch)
    .fetchBlob({ uris: [`${rig.server.url}/files/y`] })
    .catch((error: unknown) => ConnectError.from(error));
  assert.ok(refused instanceof ConnectError);
  assert.equal(refused.code, Code.Unavailable);
  assert.ok((refused.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds ?? 0n) > 0n);
  hold.release();
  assert.equal((await download).blobDigest?.hash, sha256('content'));
  const { code } = await realizer.ended;
  assert.equal(code, 0);
  await watching.catch(() => {});
  const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
  assert.deepEqual(states, [SERVING, NOT_SERVING]);
});

test('what takes longer than it may is ended, and a second signal ends all at once', async (context) => {
  const rig = await withCab(context);
  const first = await withDownload(rig, '[limits]', 'drain-seconds = 0.2');
  first.realizer.signal('SIGTERM');
  assert.equal(await codeOf(first.download), Code.Unavailable);
  assert.equal((await first.realizer.ended).code, 0);
  rig.server.clearFaults();
  const second = await withDownload(rig);
  second.realizer.signal('SIGINT');
  await second.realizer.logged('draining');
  second.realizer.signal('SIGINT');
  assert.equal(await codeOf(second.download), Code.Unavailable);
  assert.equal((await second.realizer.ended).code, 0);
});

/** One client, whose name is its token, over TLS. */
function secure(client: string): string {
  return `
listen = ["tcp:127.0.0.1:0"]
[tls]
certificate = "server.pem"
key = "server.key"
[clients.${client}]
token-sha256 = "${sha256(client)}"
`;
}

test('told to, it reads clients and certificates again; what cannot be used changes nothing', async (context) => {
  const rig = await withCab(context);
  const certificates = await makeCertificates(path.join(rig.folder, 'certificates'));
  const file = path.join(rig.folder, 'realizer.toml');
  const tls = async (which: 'good' | 'unknownAuthority'): Promise<void> => {
    await writeFile(path.join(rig.folder, 'server.pem'), certificates[which].certificate);
    await writeFile(path.join(rig.folder, 'server.key'), certificates[which].key);
  };
  await tls('good');
  const realizer = await serveRealizer(rig, secure('one'));
  const authority = await readFile(certificates.authorityFile, 'utf8');
  const statusAs = (token: string) => realizer.client(Realizer, { token, authority }).getStatus({});
  assert.equal((await statusAs('one')).client, 'one');
  assert.equal(await codeOf(statusAs('two')), Code.Unauthenticated);
  await writeFile(file, secure('two'));
  realizer.signal('SIGHUP');
  await realizer.logged('clients-reloaded');
  assert.equal((await statusAs('two')).client, 'two');
  assert.equal(await codeOf(statusAs('one')), Code.Unauthenticated);
  await writeFile(file, '[clients.three]\n');
  realizer.signal('SIGHUP');
  assert.match(
    String((await realizer.logged('reload-failed'))['message']),
    /'token-sha256' of the client 'three' is missing/,
  );
  assert.equal((await statusAs('two')).client, 'two');
  await writeFile(file, secure('two'));
  await tls('unknownAuthority');
  realizer.signal('SIGHUP');
  await realizer.logged('clients-reloaded', 2);
  await assert.rejects(statusAs('two'), /certificate/);
});

test('a realizer that was killed starts again over a whole store, with what it had', async (context) => {
  const rig = await withCab(context);
  await rig.serveFiles({ x: 'content' });
  const store = path.join(rig.folder, 'served-store');
  const first = await serveRealizer(rig, open(), '--store', store);
  const uris = [`${rig.server.url}/files/x`];
  const { blobDigest } = await first.client(Fetch).fetchBlob({ uris });
  first.signal('SIGKILL');
  await first.ended;
  const second = await serveRealizer(rig, open(), '--store', store);
  rig.server.reset();
  const cas = second.client(ContentAddressableStorage);
  const missing = await cas.findMissingBlobs({ blobDigests: blobDigest ? [blobDigest] : [] });
  assert.deepEqual(missing.missingBlobDigests, []);
  await second.client(Fetch).fetchBlob({ uris });
  assert.deepEqual(
    rig.server.requests.map(({ method }) => method),
    ['HEAD'],
  );
  await second.end();
  rig.environment['CAB_STORE'] = store;
  await rig.succeed('store', 'verify');
});

test('over a Unix socket there may be whom its mode lets in', async (context) => {
  const rig = await withCab(context);
  const toml = 'listen = ["unix:realizer.sock"]\nsocket-mode = "660"\n[local]\nmay = ["read"]\n';
  const realizer = await serveRealizer(rig, toml);
  assert.equal((await stat(path.join(rig.folder, 'realizer.sock'))).mode & 0o777, 0o660);
  const cas = realizer.client(ContentAddressableStorage);
  assert.equal(await codeOf(cas.batchUpdateBlobs({})), Code.PermissionDenied);
  assert.equal(await codeOf(cas.findMissingBlobs({})), undefined);
});
