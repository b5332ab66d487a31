import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { connect } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createClient } from '@connectrpc/connect';
import { ByteStream, Capabilities, ContentAddressableStorage } from '../../../src/realizer/protocol/index.ts';
import { Authenticator, type ListenResult, Tickets, serve } from '../../../src/realizer/server/index.ts';
import { makeCertificates, makeTemporaryFolder, removeFolder } from '../../support/index.ts';
import { named } from './support/memory-store.ts';
import { served } from './support/served.ts';

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  return folder;
}

test('it listens at addresses of both kinds and versions, and says at which ports', async (context) => {
  const socket = path.join(await temporaryFolder(context), 'socket');
  await using server = await served({ listen: ['tcp:127.0.0.1:0', 'tcp:[::1]:0', `unix:${socket}`] });
  const [first, second, third] = server.addresses;
  assert.match(first ?? '', /^tcp:127\.0\.0\.1:[1-9]\d*$/);
  assert.match(second ?? '', /^tcp:\[::1\]:[1-9]\d*$/);
  assert.equal(third, `unix:${socket}`);
  for (const index of [0, 1, 2])
    await createClient(Capabilities, server.transport({ index })).getCapabilities({});
});

test('a socket that was left behind is replaced, one that is served is not, and it is gone at the end', async (context) => {
  const folder = await temporaryFolder(context);
  const socket = path.join(folder, 'socket');
  const script = `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', script]), 'exit');
  assert.ok(existsSync(socket));
  const server = await served({ listen: [`unix:${socket}`] });
  await createClient(Capabilities, server.transport()).getCapabilities({});
  assert.match(reasonOf(await serveAt(socket)), /^another server listens at/);
  await createClient(Capabilities, server.transport()).getCapabilities({});
  await server[Symbol.asyncDispose]();
  assert.ok(!existsSync(socket));
  await writeFile(socket, 'a letter');
  assert.match(reasonOf(await serveAt(socket)), /something that is no socket/);
  assert.match(
    reasonOf(await serveAt(path.join(folder, 'none', 'socket'))),
    /the folder of the socket does not exist/,
  );
});

test('where one address is taken it listens at none', async () => {
  await using server = await served();
  const [taken] = server.listening.addresses;
  assert.ok(taken !== undefined);
  const free = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
  const result = await serve({ ...nobody(), addresses: [free, taken] });
  assert.equal(reasonOf(result), 'another program listens there');
});

test('both windows are as wide as was asked for', async () => {
  await using server = await served({ limits: { windowBytes: 8 << 20 } });
  const session = server.session();
  await once(session, 'remoteSettings');
  assert.equal(session.remoteSettings.initialWindowSize, 8 << 20);
  await until(() => session.state.remoteWindowSize === 8 << 20, session);
});

test('what is no call of gRPC is answered by HTTP', async () => {
  await using server = await served();
  const session = server.session();
  const grpc = { 'content-type': 'application/grpc' };
  const cases: readonly [object, Readonly<Record<string, unknown>>][] = [
    [{ ':method': 'GET', ':path': '/' }, { ':status': 405 }],
    [{ ':method': 'POST', ':path': '/', 'content-type': 'text/html' }, { ':status': 415 }],
    [
      { ':method': 'POST', ':path': '/no.Such/Method', ...grpc },
      { ':status': 200, 'grpc-status': '12' },
    ],
    [
      { ':method': 'POST', ':path': `/${Capabilities.typeName}/GetCapabilities/../..`, ...grpc },
      { ':status': 200, 'grpc-status': '12' },
    ],
  ];
  for (const [request, expected] of cases) {
    const stream = session.request({ ...request });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    for (const [name, value] of Object.entries(expected)) assert.equal(headers[name], value, name);
    stream.close();
  }
});

test('closing tells clients so, and lets running calls end', async () => {
  const server = await served();
  const session = server.session();
  const digest = named(Buffer.alloc(10));
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${ByteStream.typeName}/Write`,
    'content-type': 'application/grpc',
  });
  stream.write(frame(`uploads/u/blobs/blake3/${digest.hash}/10`, 0, false, Buffer.alloc(5)));
  // It is there as soon as another call that came later is answered.
  await createClient(ContentAddressableStorage, server.transport()).findMissingBlobs({});
  await ping(session);
  const gone = once(session, 'goaway');
  const closed = server.listening.close({ graceMs: 20_000 });
  await gone;
  const late = await Promise.allSettled([createClient(Capabilities, server.transport()).getCapabilities({})]);
  assert.equal(late[0].status, 'rejected');
  stream.end(frame('', 5, true, Buffer.alloc(5)));
  const trailers = await trailersOf(stream);
  assert.equal(trailers['grpc-status'], '0');
  await closed;
  await server[Symbol.asyncDispose]();
});

test('a call that does not end is ended when the grace is over', async () => {
  const server = await served();
  const session = server.session();
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${ByteStream.typeName}/Write`,
    'content-type': 'application/grpc',
  });
  stream.on('error', () => {});
  await ping(session);
  const ended = once(stream, 'close');
  await server.listening.close({ graceMs: 50 });
  await ended;
  await server[Symbol.asyncDispose]();
});

test('a connection that says nothing, a request that stops, and one that answers no ping are ended', async (context) => {
  const certificates = await makeCertificates(await temporaryFolder(context));
  const limits = { handshakeMs: 200, requestPauseMs: 200, pingMs: 100, idleMs: 300 };
  for (const tls of [undefined, certificates.good]) {
    await using server = await served({ limits, ...(tls && { tls }) });
    const [address] = server.listening.addresses;
    assert.ok(address?.kind === 'tcp');
    const silent = connect(address.port, address.host);
    silent.on('error', () => {});
    silent.resume();
    await once(silent, 'close');
  }
  await using server = await served({ limits });
  const session = server.session();
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${Capabilities.typeName}/GetCapabilities`,
    'content-type': 'application/grpc',
  });
  stream.on('error', () => {});
  stream.write(Buffer.from([0, 0]));
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  assert.equal(headers['grpc-status'], '4');
  // Nothing more is asked: it is told to go.
  await once(session, 'goaway');
  const [address] = server.listening.addresses;
  assert.ok(address?.kind === 'tcp');
  const dead = connect(address.port, address.host);
  dead.on('error', () => {});
  // The preface and empty settings, and never a word again.
  dead.write(
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
    ]),
  );
  dead.resume();
  await once(dead, 'close');
});

function nobody() {
  const authenticator = new Authenticator({ clients: [], tickets: new Tickets({ now: Date.now }) });
  return { authenticator, routes: [], log: () => {} };
}

function serveAt(socket: string): Promise<ListenResult> {
  return serve({ ...nobody(), addresses: [{ kind: 'unix', path: socket }] });
}

function reasonOf(result: ListenResult): string {
  assert.ok(result.outcome === 'failed');
  return result.reason;
}

async function ping(session: ReturnType<Awaited<ReturnType<typeof served>>['session']>): Promise<void> {
  if (session.connecting) await once(session, 'connect');
  return new Promise((resolve, reject) => {
    session.ping((error) => (error === null ? resolve() : reject(error)));
  });
}

/** Looks after each answer of the other side, which comes as long as it lives. */
async function until(condition: () => boolean, session: Parameters<typeof ping>[0]): Promise<void> {
  while (!condition()) await ping(session);
}

function field(tag: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
}

function frame(name: string, offset: number, finish: boolean, data: Uint8Array): Buffer {
  const message = Buffer.concat([
    name === '' ? Buffer.alloc(0) : field(0x0a, Buffer.from(name)),
    Buffer.from([0x10, offset, 0x18, finish ? 1 : 0]),
    field(0x52, data),
  ]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function trailersOf(stream: ClientHttp2Stream): Promise<Record<string, unknown>> {
  stream.resume();
  const [trailers] = (await once(stream, 'trailers')) as [Record<string, unknown>];
  assert.notEqual(stream.rstCode, constants.NGHTTP2_CANCEL);
  return trailers;
}

test('a call whose time is over is answered once, though what serves it says its last word later', async () => {
  const path = '/google.bytestream.ByteStream/Read';
  const late = Promise.withResolvers<undefined>();
  await using server = await served({
    raw: new Map([
      [
        path,
        async (call) => {
          await call.send(Buffer.from([0, 0, 0, 0, 0]));
          await once(call.signal, 'abort');
          setImmediate(() => late.resolve(undefined));
        },
      ],
    ]),
  });
  const session = server.session();
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': '30m',
  });
  stream.end();
  stream.resume();
  const [trailers] = (await once(stream, 'trailers')) as [Record<string, string>];
  assert.equal(trailers['grpc-status'], '4');
  await late.promise;
  session.close();
});
