import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import {
  ByteStream,
  Capabilities,
  ContentAddressableStorage,
  DigestFunction_Value,
  Realizer,
  messageDigestOf,
} from '../../../src/realizer/protocol/index.ts';
import {
  Authenticator,
  type Right,
  Tickets,
  allRights,
  clientOf,
  issueTicket,
} from '../../../src/realizer/server/index.ts';
import { Guesses } from '../../../src/realizer/server/access/guesses.ts';
import { makeCertificates, makeTemporaryFolder, removeFolder } from '../../support/index.ts';
import { named } from './support/memory-store.ts';
import { clientWithToken, served } from './support/served.ts';

const reader = clientWithToken('reader', 'r-token', ['read']);
const writer = clientWithToken('writer', 'w-token', ['read', 'write']);

test('who shows no token, a wrong one or a malformed one gets nowhere', async () => {
  await using server = await served({ clients: [reader, writer] });
  const ask = (token?: string) =>
    createClient(Capabilities, server.transport(token === undefined ? {} : { token })).getCapabilities({});
  await refused(ask(), Code.Unauthenticated, /show a token or a client certificate/);
  await refused(ask('r-tokem'), Code.Unauthenticated, /the token is not one of a client/);
  await refused(ask('r-token extra'), Code.Unauthenticated, /not of the form/);
  await refused(ask('x'.repeat(5000)), Code.Unauthenticated, /not of the form/);
  await ask('r-token');
});

test('a client may do what the configuration allows him, by every way there is', async () => {
  await using server = await served({ clients: [reader, writer] });
  const digest = messageDigestOf(server.store.add('content'));
  const digestFunction = DigestFunction_Value.BLAKE3;
  const transport = server.transport({ token: 'r-token' });
  const cas = createClient(ContentAddressableStorage, transport);
  const bytes = createClient(ByteStream, transport);
  await cas.batchReadBlobs({ digests: [digest], digestFunction });
  await refused(
    cas.batchUpdateBlobs({}),
    Code.PermissionDenied,
    /'reader' may 'read', and this needs 'write'/,
  );
  const resourceName = `uploads/u/blobs/blake3/${digest.hash}/${digest.sizeBytes}`;
  const write = bytes.write(
    (async function* () {
      yield { resourceName };
    })(),
  );
  await refused(write, Code.PermissionDenied, /needs 'write'/);
  await refused(bytes.queryWriteStatus({ resourceName }), Code.PermissionDenied, /needs 'write'/);
  const asWriter = createClient(ContentAddressableStorage, server.transport({ token: 'w-token' }));
  await asWriter.batchUpdateBlobs({
    digestFunction,
    requests: [{ digest: messageDigestOf(named('more')), data: Buffer.from('more') }],
  });
});

test('those without a name may do what is allowed to them, and where nothing is, nothing', async () => {
  await using server = await served({ clients: [writer], anonymous: ['read'] });
  const cas = createClient(ContentAddressableStorage, server.transport());
  await cas.findMissingBlobs({});
  await refused(cas.batchUpdateBlobs({}), Code.PermissionDenied, /'anonymous' may 'read'/);
  await using closed = await served({ clients: [writer], anonymous: [] });
  const nothing = createClient(ContentAddressableStorage, closed.transport());
  await refused(nothing.findMissingBlobs({}), Code.PermissionDenied, /may nothing/);
});

test('a certificate of an accepted authority tells who it is, and others do not', async (context) => {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const certificates = await makeCertificates(folder);
  const authority = await readFile(certificates.authorityFile, 'utf8');
  await using server = await served({
    tls: { ...certificates.good, clientAuthorities: authority },
    clients: [
      { name: 'by-common-name', may: ['read'], certificateName: 'good' },
      { name: 'by-host', may: ['read'], certificateName: 'elsewhere.example' },
    ],
    routes: [
      (router) =>
        router.rpc(Realizer.method.getStatus, (_request, call) => ({ client: clientOf(call).name })),
    ],
  });
  const ask = (identity?: { readonly certificate: string; readonly key: string }) => {
    const shown = identity && { cert: identity.certificate, key: identity.key };
    return createClient(Realizer, server.transport({ node: { ca: authority, ...shown } })).getStatus({});
  };
  assert.equal((await ask(certificates.good)).client, 'by-common-name');
  assert.equal((await ask(certificates.wrongName)).client, 'by-host');
  await refused(ask(certificates.unknownAuthority), Code.Unauthenticated, /signed by no authority/);
  await refused(ask(certificates.expired), Code.Unauthenticated, /signed by no authority/);
  await refused(ask(), Code.Unauthenticated, /show a token or a client certificate/);
});

test('a ticket lets read in the name of whoever had it issued, until it ends, and is not handed on', async () => {
  let nowMs = 1000;
  const tickets = new Tickets({ now: () => nowMs, lifetimeMs: 5000 });
  const authenticator = new Authenticator({ clients: [writer], tickets });
  const authenticate = (token: string) => authenticator.authenticate({ authorization: `Bearer ${token}` });
  const mine = authenticate('w-token');
  assert.ok(mine.outcome === 'known');
  const { ticket } = issueTicket(mine.client, { tickets });
  const theirs = authenticate(ticket);
  assert.ok(theirs.outcome === 'known');
  assert.deepEqual(
    [theirs.client.name, theirs.client.by, [...theirs.client.may]],
    ['writer', 'ticket', ['read']],
  );
  assert.throws(() => issueTicket(theirs.client, { tickets }), /given no other/);
  const [prefix, content = '', signature] = ticket.split('.');
  const forged = Buffer.from(Buffer.from(content, 'base64url').toString().replace('6000', '9000')).toString(
    'base64url',
  );
  for (const wrong of [
    `${prefix}.${forged}.${signature}`,
    `${prefix}.${content}.`,
    `${prefix}.${content}`,
    'cab-ticket.',
  ])
    assert.deepEqual(authenticate(wrong), {
      outcome: 'refused',
      isGuess: true,
      message: 'the ticket is not of this realizer',
    });
  const other = new Authenticator({ clients: [], tickets: new Tickets({ now: () => nowMs }) });
  assert.equal(other.authenticate({ authorization: `Bearer ${ticket}` }).outcome, 'refused');
  nowMs = 6000;
  const late = authenticate(ticket);
  assert.ok(late.outcome === 'refused');
  assert.match(late.message, /has expired/);
});

test('a ticket holds no longer than the right of whoever had it issued', () => {
  const tickets = new Tickets({ now: () => 1000 });
  const { ticket } = tickets.issue('reader');
  const authorization = `Bearer ${ticket}`;
  const outcomeOf = (may: readonly Right[] | undefined): string => {
    const clients = may === undefined ? [] : [clientWithToken('reader', 'r-token', may)];
    return new Authenticator({ clients, tickets }).authenticate({ authorization }).outcome;
  };
  assert.equal(outcomeOf(['read']), 'known');
  assert.equal(outcomeOf(['execute']), 'refused');
  assert.equal(outcomeOf(undefined), 'refused');
});

test('the log tells of refusals, and of no secret', async () => {
  await using server = await served({ clients: [reader] });
  const ticket = server.tickets.issue('reader').ticket;
  for (const token of ['a-guessed-secret', `${ticket}x`, 'r-token'])
    await createClient(Capabilities, server.transport({ token }))
      .getCapabilities({})
      .catch(() => {});
  const text = JSON.stringify(server.records);
  assert.match(text, /client-refused/);
  for (const secret of ['guessed', 'r-token', ticket.slice(0, 30)]) assert.ok(!text.includes(secret), secret);
});

test('whoever guesses waits longer and longer, and so do not those of other addresses', async () => {
  let nowMs = 0;
  const waits: number[] = [];
  const guesses = new Guesses({
    now: () => nowMs,
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
  });
  for (let guess = 0; guess < 10; guess += 1) {
    assert.ok(await guesses.admit('2001:db8::1'));
    guesses.add('2001:db8::1');
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 8000]);
  assert.ok(guesses.isSlowed('2001:db8:0:0:9::7'), 'another address of the same network');
  assert.ok(!guesses.isSlowed('2001:db8:1::1'));
  nowMs += 60_001;
  assert.ok(!guesses.isSlowed('2001:db8::1'));
});

test('of those who guess at once only some wait, and what is remembered is bounded', async () => {
  const wakers: (() => void)[] = [];
  const guesses = new Guesses({
    now: () => 0,
    sleep: () => new Promise((resolve) => wakers.push(resolve)),
  });
  for (let guess = 0; guess < 3; guess += 1) guesses.add('192.0.2.1');
  const admitted = Array.from({ length: 20 }, () => guesses.admit('192.0.2.1'));
  assert.equal(wakers.length, 16);
  for (const wake of wakers) wake();
  assert.equal((await Promise.all(admitted)).filter(Boolean).length, 16);
  for (let host = 0; host < 5000; host += 1) guesses.add(`10.0.${host >> 8}.${host & 255}`);
  assert.ok(!guesses.isSlowed('192.0.2.1'), 'the oldest is forgotten');
});

test('a wrong token is slow on the wire, and a client that was let in before does not wait', async () => {
  await using server = await served({ clients: [reader] });
  const known = createClient(Capabilities, server.transport({ token: 'r-token' }));
  await known.getCapabilities({});
  const guess = () =>
    createClient(Capabilities, server.transport({ token: 'wrong' }))
      .getCapabilities({})
      .catch(() => {});
  for (let count = 0; count < 4; count += 1) await guess();
  const slow = guess();
  await known.getCapabilities({});
  const first = await Promise.race([slow.then(() => 'guess'), known.getCapabilities({}).then(() => 'known')]);
  assert.equal(first, 'known');
  await slow;
});

test('a method is everybody’s only where it is said to be, and nobody’s where nothing is said', async () => {
  await using server = await served({
    clients: [clientWithToken('all', 'a', allRights)],
    routes: [
      (router) => router.rpc({ ...Realizer.method.getStatus, name: 'Hidden' }, () => ({ client: 'leaked' })),
    ],
  });
  const session = server.session();
  const stream = session.request({
    ':method': 'POST',
    ':path': '/cab.realizer.v1.Realizer/Hidden',
    'content-type': 'application/grpc',
    authorization: 'Bearer a',
  });
  stream.end(Buffer.alloc(5));
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
  assert.match(String(headers['grpc-status']), /^(?:7|12)$/);
});

async function refused(call: Promise<unknown>, code: Code, message: RegExp): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof ConnectError, String(error));
    assert.match(error.rawMessage, message);
    assert.equal(Code[error.code], Code[code]);
    return true;
  });
}
