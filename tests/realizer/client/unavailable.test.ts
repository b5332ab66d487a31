import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import { Availability } from '../../../src/realizer/client/availability.ts';
import type { RemoteRealizer } from '../../../src/realizer/client/index.ts';
import {
  RealizerUnavailable,
  type RemoteConfiguration,
  parseRealizerAddress,
} from '../../../src/realizer/index.ts';
import { tooOld } from '../../../src/realizer/protocol/index.ts';
import { makeCertificates, makeTemporaryFolder, removeFolder } from '../../support/index.ts';
import { startBarrier } from '../../support/barrier.ts';
import { withRealizer } from '../../support/realizer.ts';
import { shell } from './programs.ts';
import { quiet, withRemote, withStore } from './remote-realizer.ts';

const somewhere = storePath(hashPartOf(digestOf('somewhere')), 'somewhere');

async function unavailabilityOf(operation: Promise<unknown>): Promise<RealizerUnavailable> {
  const error = await operation.then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RealizerUnavailable, String(error));
  return error;
}

function at(address: string, more: Partial<RemoteConfiguration> = {}): RemoteConfiguration {
  const parsed = parseRealizerAddress(address);
  assert.ok(parsed !== undefined);
  return {
    name: 'workshop',
    address: parsed,
    token: undefined,
    identity: undefined,
    certificateAuthorities: [],
    ...more,
  };
}

/** Everything that a realizer may be asked. */
function questions(remote: RemoteRealizer): Readonly<Record<string, () => Promise<unknown>>> {
  const request = shell('any', 'true');
  return {
    features: () => remote.features(),
    lacking: () => remote.lacking(['wasm']),
    load: () => remote.load(),
    lookup: () => remote.lookup(request),
    has: () => remote.has(somewhere),
    realize: () => remote.realize(request, quiet),
    repeat: () => remote.repeat(request, quiet),
    fetch: () => remote.remote.fetch([somewhere], quiet),
    refetch: () => remote.remote.refetch(somewhere, quiet),
  };
}

test('whatever is asked of a realizer that nobody answers for, it is said to be unavailable', async (context) => {
  const barrier = await startBarrier();
  await barrier.end();
  for (const name of Object.keys(questions(undefined as unknown as RemoteRealizer))) {
    const remote = withRemote(context, at(`http://127.0.0.1:${barrier.port}`), withStore(context));
    const { reason, realizer, diagnostic } = await unavailabilityOf(questions(remote)[name]!());
    assert.deepEqual(
      { reason, realizer, code: diagnostic.code },
      { reason: 'unreachable', realizer: 'workshop', code: 'CAB4040' },
      name,
    );
    assert.match(
      diagnostic.message,
      /^the realizer 'workshop' \(http:\/\/127\.0\.0\.1:\d+\) cannot be reached: connection refused$/,
    );
  }
});

test('a name that nobody has, a socket that is not there, and a server of something else are told apart', async (context) => {
  const web = createServer((_, response) => response.end('a web site'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  context.after(() => web.close());
  const phrases: Readonly<Record<string, RegExp>> = {
    'http://cab-realizer.invalid': /there is no host of that name|cannot be resolved/,
    'unix:/nowhere/realizer.sock': /there is no such socket/,
    [`http://127.0.0.1:${(web.address() as AddressInfo).port}`]: /what answers there is no realizer/,
  };
  for (const [address, phrase] of Object.entries(phrases)) {
    const { diagnostic, reason } = await unavailabilityOf(
      withRemote(context, at(address), withStore(context)).features(),
    );
    assert.equal(reason, 'unreachable');
    assert.match(diagnostic.message, phrase);
  }
});

test('a realizer with TLS that is asked without it is not waited for, and the message says what the address lacks', async (context) => {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const { good } = await makeCertificates(folder);
  await writeFile(path.join(folder, 'own.pem'), good.certificate);
  await writeFile(path.join(folder, 'own.key'), good.key);
  const server = await withRealizer(context, {
    toml: `[anonymous]\nmay = ["read"]\n[tls]\ncertificate = "${folder}/own.pem"\nkey = "${folder}/own.key"`,
  });
  const plain = at(server.address.replace('https:', 'http:'));
  const { reason, diagnostic } = await unavailabilityOf(
    withRemote(context, plain, withStore(context)).realize(shell('any', 'true'), quiet),
  );
  assert.equal(reason, 'unreachable');
  assert.match(diagnostic.message, /wants TLS: its address begins with https:/);
});

test('a realizer is trusted by its certificate, and by nothing else', async (context) => {
  const folder = await makeTemporaryFolder();
  context.after(() => removeFolder(folder));
  const certificates = await makeCertificates(folder);
  const phrases = {
    good: undefined,
    wrongName: /is for another host/,
    expired: /has expired/,
    unknownAuthority: /of an authority that is not trusted/,
  } as const;
  const hints: Readonly<Record<string, RegExp>> = {
    wrongName: /a name that its certificate is for/,
    expired: /put a new one in its place/,
    unknownAuthority: /'certificate-authorities'/,
  };
  for (const [name, phrase] of Object.entries(phrases) as [keyof typeof phrases, RegExp | undefined][]) {
    await writeFile(path.join(folder, 'own.pem'), certificates[name].certificate);
    await writeFile(path.join(folder, 'own.key'), certificates[name].key);
    const server = await withRealizer(context, {
      toml: `[anonymous]\nmay = ["read"]\n[tls]\ncertificate = "${folder}/own.pem"\nkey = "${folder}/own.key"`,
    });
    const trusting = server.configuration({ certificateAuthorities: [certificates.authorityFile] });
    const remote = withRemote(context, trusting, withStore(context));
    if (phrase === undefined) {
      assert.equal(await remote.has(somewhere), false);
      const distrusting = withRemote(context, server.configuration(), withStore(context));
      assert.equal((await unavailabilityOf(distrusting.features())).reason, 'untrusted');
      continue;
    }
    const { reason, diagnostic } = await unavailabilityOf(remote.features());
    assert.equal(reason, 'untrusted', name);
    assert.equal(diagnostic.code, 'CAB4041');
    assert.match(diagnostic.hint ?? '', hints[name] ?? /./);
    assert.match(diagnostic.message, phrase);
  }
});

test('a token that a realizer does not know is refused, and never told', async (context) => {
  const hash = createHash('sha256').update('right').digest('hex');
  const server = await withRealizer(context, {
    toml: `[clients.me]\ntoken-sha256 = "${hash}"\nmay = ["read"]`,
  });
  const shown = (text: string) =>
    withRemote(context, server.configuration({ token: { kind: 'text', text } }), withStore(context));
  assert.equal(await shown('right').has(somewhere), false);
  const { reason, diagnostic } = await unavailabilityOf(shown('mistaken-token').has(somewhere));
  assert.equal(reason, 'refused');
  assert.equal(diagnostic.code, 'CAB4042');
  assert.doesNotMatch(JSON.stringify(diagnostic), /mistaken-token/);
  assert.equal(
    (await unavailabilityOf(withRemote(context, server.configuration(), withStore(context)).has(somewhere)))
      .reason,
    'refused',
  );
  // What the client may not do is no reason to leave all else to others.
  const reader = shown('right');
  assert.equal((await unavailabilityOf(reader.realize(shell('any', 'true'), quiet))).reason, 'refused');
  assert.equal(await reader.has(somewhere), false);
});

test('a token that cannot be had is told before anything is sent', async (context) => {
  const server = await withRealizer(context);
  const token = { kind: 'file', file: '/nowhere/token' } as const;
  const remote = withRemote(context, server.configuration({ token }), withStore(context));
  await assert.rejects(remote.has(somewhere), (error) => {
    assert.ok(error instanceof DiagnosticError);
    assert.equal(error.diagnostics[0]?.code, 'CAB4048');
    assert.match(error.diagnostics[0]?.message ?? '', /'\/nowhere\/token' cannot be read \(ENOENT\)/);
    return true;
  });
});

test('one that is down is set aside, and worked with as soon as it is back and may be asked', async (context) => {
  const server = await withRealizer(context);
  const remote = withRemote(context, server.configuration(), withStore(context));
  assert.equal(await remote.has(somewhere), false);
  await server.stop();
  const first = await unavailabilityOf(remote.load());
  const again = await unavailabilityOf(remote.load());
  assert.equal(again, first, 'it was asked again while it is set aside');
  await server.startAgain();
  await new Promise((resolve) => setTimeout(resolve, first.retryAtMs - Date.now() + 1));
  assert.ok((await remote.load()).capacity > 0);
});

test('each time that it still is down it is set aside for twice as long, up to a minute', () => {
  let nowMs = 0;
  const availability = new Availability(() => nowMs);
  const pausesMs: number[] = [];
  for (let count = 0; count < 9; count++) {
    const retryAtMs = availability.nextRetryMs();
    pausesMs.push(retryAtMs - nowMs);
    const failure = new RealizerUnavailable('workshop', {
      reason: 'lost',
      retryAtMs,
      diagnostic: { code: 'CAB4045', severity: 'error', message: '' },
    });
    availability.failed(failure);
    availability.failed(failure);
    assert.throws(() => availability.check(), RealizerUnavailable);
    nowMs = retryAtMs;
    availability.check();
  }
  assert.deepEqual(pausesMs, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  availability.succeeded();
  assert.equal(availability.nextRetryMs() - nowMs, 1000);
});

test('which side is too old is told by the versions that each understands', () => {
  assert.equal(tooOld({ protocol: 0, oldestProtocol: 0 }), undefined);
  assert.equal(tooOld({ protocol: 1, oldestProtocol: 1 }), undefined);
  assert.equal(tooOld({ protocol: 9, oldestProtocol: 1 }), undefined);
  assert.equal(tooOld({ protocol: 9, oldestProtocol: 2 }), 'client');
});
