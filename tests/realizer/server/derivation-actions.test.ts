import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import type { ResolvedDerivation } from '../../../src/derivations/index.ts';
import { digestOf, hashPartOf, nextTurn, storePath } from '../../../src/foundation/index.ts';
import {
  ActionSchema,
  CommandSchema,
  DigestFunction_Value,
  ExecutionStage_Value as Stage,
  type LookUpRequest,
  LookUpRequestSchema,
  PreconditionFailureSchema,
  type Progress,
  commandOf,
  inputRootOf,
} from '../../../src/realizer/protocol/index.ts';
import { lookUp } from '../../../src/realizer/server/services/realizer/look-up.ts';
import { DerivationClient, addFile, realisedIn } from './support/derivation-client.ts';
import { ExecutionRig, heard } from './support/execution-rig.ts';

const self = { kind: 'self' } as const;

test('a derivation is realized as an action, and known the next time', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['say building', 'write $out made']);
  const told = await client.ask(derivation);
  assert.equal(told.stages.at(-1), Stage.COMPLETED);
  assert.deepEqual(linesOf(told.progress), ['building']);
  const first = realisedIn(told.response);
  assert.ok(first.result.outcome === 'realized' && first.result.how === 'built');
  assert.equal(client.textOf(first), 'made');
  const [directory] = told.response.result?.outputDirectories ?? [];
  assert.equal(directory?.rootDirectoryDigest?.hash, first.records['out']?.tree);
  assert.equal(Number(directory?.rootDirectoryDigest?.sizeBytes), first.roots['out']?.treeSize);
  const again = await client.ask(derivation);
  assert.deepEqual([again.response.cachedResult, again.progress], [true, []]);
  assert.deepEqual(realisedIn(again.response).records, first.records);
  assert.deepEqual(
    rig.events
      .filter(({ type }) => type === 'action-ended')
      .map((event) => 'outcome' in event && [event.executor, event.outcome]),
    [
      ['wasm', 'built'],
      ['none', 'known'],
    ],
  );
});

test('what a program claims is told while it runs, and a claim that is known ends it', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['claim git:abc', 'say after', 'write $out fetched'], { fix: self });
  const first = await client.ask(derivation, { doNotCache: true });
  const made = realisedIn(first.response);
  assert.ok(made.result.outcome === 'realized');
  assert.equal(made.result.pins['git'], 'abc');
  assert.deepEqual(claimsOf(first.progress), ['git:abc']);
  const second = await client.ask(derivation, { doNotCache: true });
  const known = realisedIn(second.response);
  assert.ok(known.result.outcome === 'realized' && known.result.how === 'known');
  assert.deepEqual(claimsOf(second.progress), ['git:abc known']);
  assert.deepEqual(known.records, made.records);
  const pinned = await client.ask(derivation, { pins: made.result.pins });
  assert.equal(pinned.response.cachedResult, true);
});

test('a program that fails is a result, with the diagnostic and its end', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['say no luck', 'exit 4']);
  const { response } = await client.ask(derivation);
  assert.deepEqual([response.status?.code, response.result?.exitCode], [0, 4]);
  const { result } = realisedIn(response);
  assert.ok(result.outcome === 'failed');
  assert.equal(result.diagnostic.code, 'CAB4002');
  assert.match(result.diagnostic.notes?.join('') ?? '', /no luck/);
  assert.deepEqual(result.program, { exitCode: 4, lastLine: 'no luck', request: undefined });
});

test('what is to be made once more is run and not recorded', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['write $out same']);
  const first = await client.realise(derivation);
  const { result, records } = await client.realise(derivation, { doNotCache: true, skipCacheLookup: true });
  assert.equal(result.outcome, 'repeated');
  assert.deepEqual(records, first.records);
});

test('an input that is not there is named by its digest and its path', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const digest = digestOf('elsewhere');
  const path = storePath(hashPartOf(digest), 'elsewhere');
  const directories = inputRootOf([{ path, node: { kind: 'directory', digest, size: 9 } }]);
  for (const { encoding } of directories) await rig.upload(encoding, 'blake3');
  const derivation = client.derivation([], { inputs: { derivations: [], trees: [path] } });
  const action = await rig.uploadMessage(
    ActionSchema,
    {
      commandDigest: await rig.uploadMessage(CommandSchema, commandOf({ derivation, pins: {} }), 'blake3'),
      inputRootDigest: {
        hash: directories[0]?.digest ?? '',
        sizeBytes: BigInt(directories[0]?.encoding.length ?? 0),
      },
    },
    'blake3',
  );
  const { status } = (await client.client.execute(action, {}, 'blake3')).response;
  assert.equal(status?.code, Code.FailedPrecondition);
  const [violation] = status.details.flatMap(
    (detail) => anyUnpack(detail, PreconditionFailureSchema)?.violations ?? [],
  );
  assert.deepEqual(
    [violation?.type, violation?.subject, violation?.description],
    ['MISSING', `blobs/blake3/${digest}/9`, path],
  );
});

test('a path whose content is another than the client thinks is missing', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const path = addFile(rig, 'input', Buffer.from('as it is'));
  const node = { kind: 'file', digest: digestOf('as it is not'), size: 12, executable: false } as const;
  const directories = inputRootOf([{ path, node }]);
  for (const { encoding } of directories) await rig.upload(encoding, 'blake3');
  const derivation = client.derivation([], { inputs: { derivations: [], trees: [path] } });
  const commandDigest = await rig.uploadMessage(CommandSchema, commandOf({ derivation, pins: {} }), 'blake3');
  const [root] = directories;
  const inputRootDigest = { hash: root?.digest ?? '', sizeBytes: BigInt(root?.encoding.length ?? 0) };
  const action = await rig.uploadMessage(ActionSchema, { commandDigest, inputRootDigest }, 'blake3');
  const { status } = (await client.client.execute(action, {}, 'blake3')).response;
  assert.equal(status?.code, Code.FailedPrecondition, status?.message ?? 'no status');
});

test('features that are not offered are named, with what is and what to do', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['write $out x'], { requiredRealizerFeatures: ['quantum', 'wasm'] });
  const { status } = (await client.ask(derivation)).response;
  assert.ok(status !== undefined);
  assert.equal(status.code, Code.FailedPrecondition);
  assert.match(
    status.message,
    /requires 'quantum', 'wasm', and this realizer lacks 'quantum': it offers .*'wasm'/,
  );
  const violations = status.details.flatMap(
    (each) => anyUnpack(each, PreconditionFailureSchema)?.violations ?? [],
  );
  assert.deepEqual(
    violations.map(({ type, subject }) => [type, subject]),
    [['FEATURE', 'quantum']],
  );
});

test('a command that is no derivation, though it says so, is refused', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const properties = [{ name: 'cab-name', value: '../etc' }];
  const inputs = { cab: { store: {} } };
  const command = { arguments: ['x'], platform: { properties } };
  const action = await client.client.action({ command, inputs }, 'blake3');
  const { status } = (await client.client.execute(action, {}, 'blake3')).response;
  assert.equal(status?.code, Code.InvalidArgument);
  const sha256 = await client.client.action({ command, inputs });
  assert.match((await client.client.execute(sha256)).response.status?.message ?? '', /named by BLAKE3/);
});

test('a log is kept under what the derivation was asked for as, if that is an id', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['say hello', 'write $out x']);
  const id = hashPartOf(digestOf('before its inputs were resolved'));
  await client.ask(derivation, { requestedAs: id });
  assert.equal(rig.store.logs.read(id), 'hello\n');
  const other = client.derivation(['say other', 'write $out y']);
  await client.ask(other, { requestedAs: '../../elsewhere' });
  assert.equal(rig.store.logs.read(other.id), 'other\n');
});

test('what derivations came out as is answered for many at once', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivations = [1, 2, 3].map((number) => client.derivation([`write $out ${number}`]));
  const realised = await Promise.all(derivations.slice(0, 2).map((each) => client.realise(each)));
  const answer = lookUp(rig.realizer, rig.store);
  const { results } = await answer(queriesFor(derivations), { signal: new AbortController().signal });
  assert.deepEqual(
    results.map(({ known, outputs }) => [known, outputs.map(({ path }) => path)]),
    [
      [true, [realised[0]?.records['out']?.path]],
      [true, [realised[1]?.records['out']?.path]],
      [false, []],
    ],
  );
  const malformed = create(LookUpRequestSchema, { queries: [{ inputs: ['/etc/passwd'] }] });
  await assert.rejects(
    answer(malformed, { signal: new AbortController().signal }),
    (error) => error instanceof ConnectError && error.code === Code.InvalidArgument,
  );
});

test('the cache of actions knows derivations that were realized, and takes nobody word for one', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const derivation = client.derivation(['write $out x']);
  const asked = {
    actionDigest: await client.upload(derivation),
    digestFunction: DigestFunction_Value.BLAKE3,
  };
  await assert.rejects(client.client.cache.getActionResult(asked), { code: Code.NotFound });
  const { result } = (await client.ask(derivation)).response;
  const known = await client.client.cache.getActionResult(asked);
  assert.deepEqual(known.outputDirectories, result?.outputDirectories);
  await assert.rejects(client.client.cache.updateActionResult({ ...asked, actionResult: { exitCode: 0 } }), {
    code: Code.InvalidArgument,
  });
});

test('a derivation that is cancelled goes on for another action that is the same derivation', async () => {
  const asked = Promise.withResolvers<void>();
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    // The first one waits for ever.
    if (requests === 1) asked.resolve();
    else response.end('answered');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await using rig = await ExecutionRig.create();
    const client = await DerivationClient.create(rig);
    const { port } = server.address() as AddressInfo;
    const derivation = client.derivation([`get http://127.0.0.1:${port}/ $out`], { fix: self });
    const first = client.client.execution.execute({
      actionDigest: await client.upload(derivation, { doNotCache: true }),
      digestFunction: DigestFunction_Value.BLAKE3,
    });
    const operations = first[Symbol.asyncIterator]();
    const { value: begun } = await operations.next();
    await asked.promise;
    const second = client.ask(derivation, { doNotCache: true, timeoutSeconds: 60 });
    while (rig.server.load().running < 2) await nextTurn();
    await client.client.operations.cancelOperation({ name: begun?.name ?? '' });
    const told = await heard({ [Symbol.asyncIterator]: () => operations });
    assert.equal(told.response.status?.code, Code.Canceled);
    assert.equal(client.textOf(realisedIn((await second).response)), 'answered');
    assert.equal(requests, 2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

function queriesFor(derivations: readonly ResolvedDerivation[]): LookUpRequest {
  return create(LookUpRequestSchema, {
    queries: derivations.map((derivation) => ({
      command: commandOf({ derivation, pins: {} }),
      inputs: [...derivation.inputs.trees],
    })),
  });
}

function linesOf(progress: readonly Progress[]): readonly string[] {
  return progress.flatMap(({ logLines }) => logLines);
}

function claimsOf(progress: readonly Progress[]): readonly string[] {
  return progress
    .flatMap(({ claims }) => claims)
    .map(({ claim, known }) => (known ? `${claim} known` : claim));
}
