import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import {
  ByteStream,
  Capabilities,
  ContentAddressableStorage,
  DigestFunction_Value,
  RetryInfoSchema,
  messageDigestOf,
  resourceNameOf,
} from '../../../src/realizer/protocol/index.ts';
import { type Quota, Quotas } from '../../../src/realizer/server/index.ts';
import { MemoryStore, named } from './support/memory-store.ts';
import { clientWithToken, served } from './support/served.ts';

const digestFunction = DigestFunction_Value.BLAKE3;
const hourMs = 3_600_000;

/** Quotas by a clock that stands still until it is moved. */
function quotasOf(quota: Quota): { readonly quotas: Quotas; readonly pass: (ms: number) => void } {
  let nowMs = 1000 * hourMs;
  const clocks = { monotonicMs: () => nowMs, nowMs: () => nowMs };
  const quotas = new Quotas({ quotaOf: (client) => (client === 'bounded' ? quota : {}), clocks });
  return { quotas, pass: (ms) => void (nowMs += ms) };
}

const clients = [
  clientWithToken('bounded', 'one', ['read', 'write']),
  clientWithToken('free', 'two', ['read', 'write']),
];

/** The wait in milliseconds that a refusal asks for. */
async function waitOf(call: Promise<unknown>, message: RegExp): Promise<number> {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (error: unknown) => ConnectError.from(error),
  );
  assert.equal(error.code, Code.ResourceExhausted, error.message);
  assert.match(error.rawMessage, message);
  const [{ retryDelay } = {}] = error.findDetails(RetryInfoSchema);
  assert.ok(retryDelay !== undefined);
  return Number(retryDelay.seconds) * 1000 + retryDelay.nanos / 1_000_000;
}

test('a client may make so many calls a second, and others may go on', async () => {
  const { quotas, pass } = quotasOf({ callsPerSecond: 2 });
  await using server = await served({ clients, quotas });
  const [bounded, free] = ['one', 'two'].map((token) =>
    createClient(Capabilities, server.transport({ token })),
  );
  assert.ok(bounded !== undefined && free !== undefined);
  for (let call = 0; call < 8; call++) await bounded.getCapabilities({});
  const waitMs = await waitOf(
    bounded.getCapabilities({}),
    /^the client 'bounded' may make 2 calls a second$/,
  );
  assert.equal(waitMs, 500);
  for (let call = 0; call < 20; call++) await free.getCapabilities({});
  pass(waitMs);
  await bounded.getCapabilities({});
  await waitOf(bounded.getCapabilities({}), /2 calls a second/);
});

test('a client may store so many bytes within a day', async () => {
  const { quotas, pass } = quotasOf({ storeBytes: 1000 });
  await using server = await served({ clients, quotas });
  const put = (token: string, content: Buffer) =>
    createClient(ContentAddressableStorage, server.transport({ token })).batchUpdateBlobs({
      requests: [{ digest: messageDigestOf(named(content)), data: content }],
      digestFunction,
    });
  await put('one', Buffer.alloc(600, 'a'));
  pass(hourMs);
  await put('one', Buffer.alloc(400, 'b'));
  const message = /^the client 'bounded' may put 1000 bytes into the store within a day$/;
  assert.equal(await waitOf(put('one', Buffer.alloc(1, 'c')), message), 23 * hourMs);
  await put('two', Buffer.alloc(100_000, 'd'));
  pass(23 * hourMs);
  await put('one', Buffer.alloc(600, 'e'));
  await waitOf(put('one', Buffer.alloc(1, 'f')), message);
});

test('what was refused, or was not what it should be, is not counted as stored', async () => {
  const { quotas } = quotasOf({ storeBytes: 1000 });
  await using server = await served({ clients, quotas });
  const client = createClient(ContentAddressableStorage, server.transport({ token: 'one' }));
  for (let round = 0; round < 5; round++) {
    const requests = [{ digest: messageDigestOf(named('right'.repeat(100))), data: Buffer.alloc(500, 'x') }];
    const { responses } = await client.batchUpdateBlobs({ requests, digestFunction });
    assert.equal(responses[0]?.status?.code, Code.InvalidArgument);
  }
  assert.equal(quotas.of({ name: 'bounded' }).carry(1)[Symbol.dispose](), undefined);
  quotas.of({ name: 'bounded' }).demandRoom(1000);
});

test('a client may have so many bytes on their way, and they come back with the end of each', async () => {
  const { quotas } = quotasOf({ bytesInFlight: 10_000 });
  const store = new MemoryStore();
  const large = store.add(Buffer.alloc(20_000, 'l'));
  await using server = await served({ clients, quotas, store });
  const { read } = createClient(ByteStream, server.transport({ token: 'one' }));
  const readAll = async (): Promise<number> => {
    let length = 0;
    for await (const { data } of read({ resourceName: resourceNameOf(large) })) length += data.length;
    return length;
  };
  // One alone is possible, however large it is.
  assert.equal(await readAll(), 20_000);
  const account = quotas.of({ name: 'bounded' });
  {
    using _other = account.carry(1);
    await waitOf(readAll(), /^the client 'bounded' may have 10000 bytes on their way at once$/);
  }
  assert.equal(await readAll(), 20_000);
});

test('a client may have so many actions at once', () => {
  const { quotas } = quotasOf({ actions: 2 });
  const account = quotas.of({ name: 'bounded' });
  const first = account.beginAction();
  using _second = account.beginAction();
  assert.throws(() => account.beginAction(), /may have 2 actions at once/);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  using _third = account.beginAction();
  assert.throws(() => account.beginAction(), /may have 2 actions at once/);
});
