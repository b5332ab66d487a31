import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { BatchUpdateBlobsRequestSchema, Fetch, Realizer } from '../../../src/realizer/protocol/index.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { isKnownMethod, isOpen } from '../../../src/realizer/server/access/rights.ts';
import { Attacked } from './support/attacked.ts';
import { methods, pathOf } from './support/methods.ts';
import { callByHand, framed } from './support/raw-call.ts';

const paths = methods.map(pathOf);
const body = framed(new Uint8Array(0));

test('every method of the protocol has a word on who may call it', () => {
  assert.ok(paths.length >= 26, `${paths.length} methods`);
  for (const path of paths) assert.ok(isKnownMethod(path), path);
  assert.deepEqual(paths.filter(isOpen), ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch']);
});

test('whoever shows nothing gets nothing of any method, served or not', async (t) => {
  const attacked = await Attacked.start(t);
  const session = attacked.session();
  for (const path of [
    ...paths,
    '/a.b/C',
    '/',
    '/cab.realizer.v1.Realizer/',
    '/__proto__',
    '/a/../cab.realizer.v1.Realizer/GetStatus',
  ]) {
    if (isOpen(path)) continue;
    const outcome = await callByHand(session, { path, body });
    assert.ok(
      outcome.kind === 'status' && outcome.grpc === Code.Unauthenticated,
      `${path}: ${JSON.stringify(outcome)}`,
    );
  }
});

test('a client that may nothing is let at nothing but what tells about the server', async (t) => {
  const attacked = await Attacked.start(t);
  const session = attacked.session();
  const open: string[] = [];
  for (const path of paths) {
    const outcome = await callByHand(session, { path, body, token: 'nothing' });
    if (
      outcome.kind === 'streams' ||
      (outcome.kind === 'status' &&
        outcome.grpc !== Code.PermissionDenied &&
        outcome.grpc !== Code.Unimplemented)
    )
      open.push(path);
  }
  assert.deepEqual(open.toSorted(), [
    '/build.bazel.remote.execution.v2.Capabilities/GetCapabilities',
    '/cab.realizer.v1.Realizer/GetStatus',
    '/grpc.health.v1.Health/Check',
    '/grpc.health.v1.Health/Watch',
  ]);
});

test('a ticket lets nobody write, execute or push, whoever had it issued', async (t) => {
  const attacked = await Attacked.start(t);
  const { ticket } = await attacked.running.client(Realizer, 'all').issueTicket({ paths: [] });
  const session = attacked.session();
  const refused: string[] = [];
  for (const path of paths) {
    const outcome = await callByHand(session, { path, body, token: ticket });
    if (outcome.kind === 'status' && outcome.grpc === Code.PermissionDenied)
      refused.push(path.replace(/.*\//, ''));
  }
  for (const name of [
    'Execute',
    'Write',
    'BatchUpdateBlobs',
    'UpdateActionResult',
    'AddOutputs',
    'PullOutputs',
    'PushBlob',
    'FetchBlob',
    'IssueTicket',
  ])
    assert.ok(refused.includes(name), `${name} is open to a ticket; refused are ${refused.join(', ')}`);
  // With any of its characters changed it is no ticket.
  for (const place of ['cab-ticket.'.length, ticket.length - 5]) {
    const forged = ticket.slice(0, place) + (ticket[place] === 'A' ? 'B' : 'A') + ticket.slice(place + 1);
    const outcome = await callByHand(session, {
      path: '/cab.realizer.v1.Realizer/GetStatus',
      body,
      token: forged,
    });
    assert.ok(outcome.kind === 'status' && outcome.grpc === Code.Unauthenticated, JSON.stringify(outcome));
  }
});

test('tokens are compared as hashes, with all of them, and in constant time', () => {
  const source = readFileSync(
    new URL('../../../src/realizer/server/access/authentication.ts', import.meta.url),
    'utf8',
  );
  const [, compare = ''] = /#clientWithToken\(token: string\)[^{]*\{(.*?)\n {2}\}/s.exec(source) ?? [];
  assert.match(compare, /createHash\('sha256'\)\.update\(token\)/);
  assert.match(
    compare,
    /for \(const known of this\.#byToken\) if \(timingSafeEqual\(known\.hash, hash\)\) found = known\.client;/,
  );
  assert.doesNotMatch(compare, /\b(?:break|find|includes|some|get)\b|===/);
  const tickets = readFileSync(
    new URL('../../../src/realizer/server/access/tickets.ts', import.meta.url),
    'utf8',
  );
  assert.match(tickets, /timingSafeEqual\(shown, right\)/);
  assert.doesNotMatch(tickets, /signature === (?!undefined)|=== signature/);
});

test('neither the log nor what clients are told holds a token, a password or a path of the machine', async (t) => {
  const attacked = await Attacked.start(t);
  const { ticket } = await attacked.running.client(Realizer, 'all').issueTicket({ paths: [] });
  const session = attacked.session();
  const told: string[] = [];
  const note = (error: unknown): void => void told.push(ConnectError.from(error).message);
  const wrong = 'a-token-that-nobody-has';
  for (const token of [wrong, ticket, 'all', 'nothing'])
    for (const path of paths.slice(0, 4)) {
      const outcome = await callByHand(session, { path, body, token });
      told.push(JSON.stringify(outcome));
    }
  const uris = ['http://user:the-password@127.0.0.1:1/x', 'http://10.0.0.1/?key=the-password'];
  for (const uri of uris)
    await attacked.running
      .client(Fetch, 'all')
      .fetchBlob({ uris: [uri] })
      .then((answer) => told.push(answer.status?.message ?? ''), note);
  // Something that the server did not foresee.
  const request = create(BatchUpdateBlobsRequestSchema, { requests: [{ data: Buffer.from('x') }] });
  told.push(
    JSON.stringify(
      await callByHand(session, {
        path: paths[0] ?? '',
        body: framed(toBinary(BatchUpdateBlobsRequestSchema, request)),
        token: 'all',
      }),
    ),
  );
  const all = `${attacked.told}\n${told.join('\n')}`;
  for (const secret of [wrong, ticket, 'user:the-password', 'Bearer '])
    assert.ok(!all.includes(secret), `it tells '${secret}': ${all}`);
  const outside = told.join('\n');
  for (const path of [attacked.running.folder, process.cwd(), '/src/'])
    assert.ok(!outside.includes(path), `clients are told '${path}': ${outside}`);
});
