import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { Channel, type ChannelOptions, ContentCalls } from '../../../src/realizer/client/index.ts';
import { parseRealizerAddress } from '../../../src/realizer/index.ts';
import { Capabilities } from '../../../src/realizer/protocol/index.ts';
import { makeCertificates, makeTemporaryFolder, removeFolder } from '../../support/index.ts';
import { clientWithToken, served } from '../server/support/served.ts';
import { named } from '../server/support/memory-store.ts';

function channelTo(context: TestContext, address: string, options: Partial<ChannelOptions> = {}): Channel {
  const parsed = parseRealizerAddress(address);
  assert.ok(parsed !== undefined, address);
  const channel = new Channel({ address: parsed, version: '0', ...options });
  context.after(() => channel.close());
  return channel;
}

test('content goes and comes, small in one message and large in pieces', async (context) => {
  await using server = await served();
  const calls = new ContentCalls(channelTo(context, server.whereTo().url));
  const small = ['a', 'b', ''].map((text) => ({ digest: named(text), content: Buffer.from(text) }));
  const large = randomBytes(9_000_001);
  const digest = named(large);
  const digests = [...small.map((each) => each.digest), digest];
  assert.deepEqual(await calls.missing(digests), [digests[0], digests[1], digest]);
  await calls.putBatch(small);
  const upload = calls.beginUpload(digest);
  assert.equal(await calls.write(upload, digest, (offset) => [large.subarray(offset)]), large.length);
  assert.deepEqual(await calls.missing(digests), []);
  const read = await calls.readBatch([...digests.slice(0, 3), named('none')]);
  assert.deepEqual(
    [...read.values()].map((each) => Buffer.from(each).toString()),
    ['a', 'b', ''],
  );
  const pieces: Buffer[] = [];
  await calls.read(digest, 1_000_000, (piece) => void pieces.push(Buffer.from(piece)));
  assert.deepEqual(Buffer.concat(pieces), large.subarray(1_000_000));
});

test('over a network batches are compressed, and come back as they were', async (context) => {
  await using server = await served();
  const channel = channelTo(context, server.whereTo().url);
  const calls = new ContentCalls({
    isFar: true,
    transport: channel.transport,
    open: (callPath, limits) => channel.open(callPath, limits),
  });
  const contents = ['It goes on. '.repeat(100_000), 'short', randomBytes(10_000)].map((each) =>
    Buffer.from(each),
  );
  const digests = contents.map((content) => named(content));
  await calls.putBatch(
    contents.map((content, index) => ({ digest: digests[index] as (typeof digests)[0], content })),
  );
  const read = await calls.readBatch(digests);
  assert.deepEqual(
    [...read.values()].map((each) => Buffer.from(each)),
    contents,
  );
  const { receivedBytes, sentBytes } = server.listening.traffic.carried;
  assert.ok(receivedBytes < 40_000 && sentBytes < 40_000, `${receivedBytes} and ${sentBytes} bytes`);
});

test('what is there already is hardly sent', async (context) => {
  await using server = await served();
  const calls = new ContentCalls(channelTo(context, server.whereTo().url));
  const content = Buffer.alloc(200 << 20, 1);
  const digest = server.store.add(content);
  const sent = await calls.write(calls.beginUpload(digest), digest, () => [content]);
  assert.ok(sent < content.length / 4, `${sent} bytes were sent`);
});

test('an upload goes on where it was when the connection was lost in its middle', async (context) => {
  await using server = await served();
  const channel = channelTo(context, server.whereTo().url);
  const calls = new ContentCalls(channel);
  const content = randomBytes(8 << 20);
  const digest = named(content);
  const upload = calls.beginUpload(digest);
  async function* cutInTheMiddle(offset: number) {
    yield content.subarray(offset, 4 << 20);
    channel.close();
    yield content.subarray(4 << 20);
  }
  await failing(calls.write(upload, digest, cutInTheMiddle), Code.Unavailable);
  let from = 0;
  const sent = await calls.write(upload, digest, (offset) => {
    from = offset;
    return [content.subarray(offset)];
  });
  assert.ok(from > 0, 'it began anew');
  assert.equal(sent, content.length - from);
  assert.deepEqual(await calls.missing([digest]), []);
});

test('an answer of the realizer is told from a connection that fails', async (context) => {
  await using server = await served({ clients: [clientWithToken('reader', 'secret', ['read'])] });
  const { url } = server.whereTo();
  const digest = named('x'.repeat(10));
  const write = (channel: Channel): Promise<unknown> => {
    const calls = new ContentCalls(channel);
    return calls.write(calls.beginUpload(digest), digest, () => [Buffer.alloc(10)]);
  };
  assert.equal((await failing(write(channelTo(context, url)), Code.Unauthenticated)).cause, undefined);
  const reader = channelTo(context, url, { token: 'secret' });
  assert.match(
    (await failing(write(reader), Code.PermissionDenied)).rawMessage,
    /may 'read', and this needs 'write'/,
  );
  const absent = new ContentCalls(reader).read(digest, 0, () => {});
  assert.equal((await failing(absent, Code.NotFound)).cause, undefined);
  const nobody = channelTo(context, 'http://127.0.0.1:1');
  assert.match(String((await failing(write(nobody), Code.Unavailable)).cause), /ECONNREFUSED/);
});

test('a call that is given up ends with the reason of its signal', async (context) => {
  await using server = await served();
  const calls = new ContentCalls(channelTo(context, server.whereTo().url));
  const content = Buffer.alloc(64 << 20);
  const digest = named(content);
  const controller = new AbortController();
  const pieces = function* () {
    yield content.subarray(0, 1 << 20);
    controller.abort(new DOMException('enough', 'AbortError'));
    yield content.subarray(1 << 20);
  };
  const call = calls.write(calls.beginUpload(digest), digest, pieces, { signal: controller.signal });
  await assert.rejects(call, /enough/);
});

test('it goes over TLS with its own authority, shows its certificate, and over a socket', async (context) => {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const certificates = await makeCertificates(folder);
  const { good } = certificates;
  const socket = path.join(folder, 's');
  const authority = await readFile(certificates.authorityFile, 'utf8');
  await using server = await served({
    listen: ['tcp:127.0.0.1:0', `unix:${socket}`],
    tls: { ...good, clientAuthorities: authority },
    clients: [
      { name: 'good-one', may: ['read'], certificateName: 'good' },
      clientWithToken('t', 'token', ['read']),
    ],
  });
  const { url } = server.whereTo();
  await ask(channelTo(context, url, { tls: { authorities: [authority], identity: good } }));
  await ask(channelTo(context, url, { tls: { authorities: [authority] }, token: 'token' }));
  await ask(channelTo(context, `unix:${socket}`, { token: 'token' }));
  await failing(ask(channelTo(context, url, { tls: { authorities: [authority] } })), Code.Unauthenticated);
  const untrusting = await failing(ask(channelTo(context, url)), Code.Internal);
  assert.match((untrusting.cause as Error).message, /certificate/);
});

test('it connects again after the realizer has ended and come back', async (context) => {
  const first = await served();
  const [address] = first.addresses;
  assert.ok(address !== undefined);
  const channel = channelTo(context, first.whereTo().url);
  const calls = new ContentCalls(channel);
  const digest = named('again');
  await calls.putBatch([{ digest, content: Buffer.from('again') }]);
  await first[Symbol.asyncDispose]();
  await failing(calls.missing([digest]), Code.Unavailable);
  await using second = await served({ listen: [address] });
  assert.deepEqual(await calls.missing([digest]), [digest]);
  assert.equal(second.store.contents.size, 0);
});

function ask(channel: Channel): Promise<unknown> {
  return createClient(Capabilities, channel.transport).getCapabilities({});
}

async function failing(call: Promise<unknown>, code: Code): Promise<ConnectError> {
  const [result] = await Promise.allSettled([call]);
  assert.ok(result.status === 'rejected', 'it did not fail');
  const error: unknown = result.reason;
  assert.ok(error instanceof ConnectError, String(error));
  assert.equal(Code[error.code], Code[code], error.message);
  return error;
}
