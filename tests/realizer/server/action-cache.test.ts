import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Sha256 } from '../../../src/foundation/index.ts';
import {
  ActionSchema,
  CommandSchema,
  type Digest,
  DigestFunction_Value,
  DirectorySchema,
  PreconditionFailureSchema,
  TreeSchema,
  commandOf,
} from '../../../src/realizer/protocol/index.ts';
import { DerivationClient } from './support/derivation-client.ts';
import { ExecutionRig } from './support/execution-rig.ts';

/** The digest of something that nobody has put anywhere. */
const absent = { hash: 'ef'.repeat(32), sizeBytes: 5n } as Digest;
const action = { hash: '12'.repeat(32), sizeBytes: 100n } as Digest;
const subject = `blobs/${absent.hash}/5`;

test('a result that a client tells is known from then on, with what is asked for of it', async () => {
  await using rig = await ExecutionRig.create();
  const { cache } = rig.client();
  await assert.rejects(cache.getActionResult({ actionDigest: action }), { code: Code.NotFound });
  const [file, stdout] = [await rig.upload('made'), await rig.upload('said')];
  const actionResult = { outputFiles: [{ path: 'out', digest: file }], stdoutDigest: stdout };
  await cache.updateActionResult({ actionDigest: action, actionResult });
  const known = await cache.getActionResult({ actionDigest: action, inlineStdout: true });
  assert.equal(Buffer.from(known.stdoutRaw).toString(), 'said');
  assert.equal(known.outputFiles[0]?.contents.length, 0);
  const inlined = await cache.getActionResult({ actionDigest: action, inlineOutputFiles: ['out'] });
  assert.equal(Buffer.from(inlined.outputFiles[0]?.contents ?? []).toString(), 'made');
  const byOther = { actionDigest: action, digestFunction: DigestFunction_Value.BLAKE3 };
  await assert.rejects(cache.getActionResult(byOther), { code: Code.NotFound });
});

test('a result of which something is missing is not taken, be it deep in a tree', async () => {
  await using rig = await ExecutionRig.create();
  const { cache } = rig.client();
  const there = await rig.upload('there');
  const files = [{ name: 'file', digest: absent }];
  const tree = await rig.uploadMessage(TreeSchema, { root: { files: [] }, children: [{ files }] });
  const folder = await rig.uploadMessage(DirectorySchema, { files });
  const root = await rig.uploadMessage(DirectorySchema, {
    directories: [{ name: 'folder', digest: folder }],
  });
  const results = [
    { stdoutDigest: absent },
    {
      outputFiles: [
        { path: 'a', digest: there },
        { path: 'b', digest: absent },
      ],
    },
    { outputDirectories: [{ path: 'a', treeDigest: absent }] },
    { outputDirectories: [{ path: 'a', treeDigest: tree }] },
    { outputDirectories: [{ path: 'a', rootDirectoryDigest: root }] },
  ];
  for (const actionResult of results) {
    const error = await cache.updateActionResult({ actionDigest: action, actionResult }).then(
      () => undefined,
      (reason: unknown) => ConnectError.from(reason),
    );
    assert.equal(error?.code, Code.FailedPrecondition);
    const subjects = error
      .findDetails(PreconditionFailureSchema)
      .flatMap(({ violations }) => violations.map((each) => each.subject));
    assert.deepEqual(subjects, [subject]);
  }
  const malformed = {
    outputDirectories: [{ path: 'a', treeDigest: await rig.upload('\xff\xff\xff no tree') }],
  };
  await assert.rejects(cache.updateActionResult({ actionDigest: action, actionResult: malformed }), {
    code: Code.InvalidArgument,
  });
  await assert.rejects(cache.getActionResult({ actionDigest: action }), { code: Code.NotFound });
});

test('a result is not known any more when something of it is gone', async () => {
  await using rig = await ExecutionRig.create();
  const { cache } = rig.client();
  const content = await rig.upload('in a tree');
  const files = [{ name: 'file', digest: content }];
  const tree = await rig.uploadMessage(TreeSchema, { root: {}, children: [{ files }] });
  const actionResult = { outputDirectories: [{ path: 'a', treeDigest: tree }] };
  await cache.updateActionResult({ actionDigest: action, actionResult });
  assert.equal((await cache.getActionResult({ actionDigest: action })).outputDirectories.length, 1);
  const [known] = rig.store.findBySha256([content.hash as Sha256]).get(content.hash as Sha256) ?? [];
  assert.ok(known !== undefined);
  rmSync(rig.store.blobs.pathOf(known.digest, false));
  await assert.rejects(cache.getActionResult({ actionDigest: action }), { code: Code.NotFound });
});

test('what was answered a moment ago is answered anew where it has changed, is damaged, or more is asked for', async () => {
  await using rig = await ExecutionRig.create();
  const { cache } = rig.client();
  const commandDigest = await rig.uploadMessage(CommandSchema, { arguments: ['cc'] });
  const inputRootDigest = await rig.uploadMessage(DirectorySchema, {});
  const action = await rig.uploadMessage(ActionSchema, { commandDigest, inputRootDigest });
  const [first, second] = [await rig.upload('first'), await rig.upload('second')];
  const ask = async (): Promise<string | undefined> =>
    (await cache.getActionResult({ actionDigest: action })).stdoutDigest?.hash;
  await cache.updateActionResult({ actionDigest: action, actionResult: { stdoutDigest: first } });
  assert.deepEqual([await ask(), await ask()], [first.hash, first.hash]);
  await cache.updateActionResult({ actionDigest: action, actionResult: { stdoutDigest: second } });
  assert.deepEqual([await ask(), await ask()], [second.hash, second.hash]);
  const inlined = await cache.getActionResult({ actionDigest: action, inlineStdout: true });
  assert.equal(Buffer.from(inlined.stdoutRaw).toString(), 'second');
  assert.equal((await cache.getActionResult({ actionDigest: action })).stdoutRaw.length, 0);
  const [known] = rig.store.findBySha256([second.hash as Sha256]).get(second.hash as Sha256) ?? [];
  const file = rig.store.blobs.pathOf(known?.digest ?? assert.fail('it is not known'), false);
  chmodSync(file, 0o644);
  writeFileSync(file, 'SECOND');
  await assert.rejects(ask(), { code: Code.NotFound });
  // What is right again is known again.
  await rig.upload('second');
  assert.equal(await ask(), second.hash);
});

test('a digest that is none, or of a function that nobody speaks, is refused', async () => {
  await using rig = await ExecutionRig.create();
  const client = rig.client();
  const requests = [
    {},
    { actionDigest: { hash: 'short', sizeBytes: 1n } },
    { actionDigest: { hash: 'AB'.repeat(32), sizeBytes: 1n } },
    { actionDigest: { hash: '../'.repeat(21) + 'x', sizeBytes: 1n } },
    { actionDigest: { ...action, sizeBytes: -1n } },
    { actionDigest: action, digestFunction: DigestFunction_Value.MD5 },
  ];
  for (const request of requests) {
    await assert.rejects(client.cache.getActionResult(request), { code: Code.InvalidArgument });
    await assert.rejects(client.cache.updateActionResult(request), { code: Code.InvalidArgument });
    const operations = client.execution.execute(request)[Symbol.asyncIterator]();
    await assert.rejects(operations.next(), { code: Code.InvalidArgument });
  }
});

test('what a client tells of a derivation before its action is there counts for nothing once it is', async () => {
  await using rig = await ExecutionRig.create();
  await using other = await ExecutionRig.create();
  const elsewhere = await DerivationClient.create(other);
  const derivation = elsewhere.derivation(['write $out honest']);
  const actionDigest = await elsewhere.upload(derivation);
  const digestFunction = DigestFunction_Value.BLAKE3;
  const { cache } = rig.client('somebody');
  const planted = await rig.upload('planted', 'blake3');
  const actionResult = { outputFiles: [{ path: 'cab/store/out', digest: planted }] };
  await cache.updateActionResult({ actionDigest, actionResult, digestFunction });
  // Nor is it answered as it was a moment before.
  assert.equal((await cache.getActionResult({ actionDigest, digestFunction })).outputFiles.length, 1);
  const here = await DerivationClient.create(rig);
  assert.deepEqual(await here.upload(derivation), actionDigest);
  await assert.rejects(cache.getActionResult({ actionDigest, digestFunction }), { code: Code.NotFound });
});

test('content too large for a tree is not read as one', async () => {
  await using rig = await ExecutionRig.create();
  const huge = await rig.upload(Buffer.alloc((64 << 20) + 1), 'blake3');
  const actionResult = { outputDirectories: [{ path: 'a', treeDigest: huge }] };
  const digestFunction = DigestFunction_Value.BLAKE3;
  await assert.rejects(
    rig.client().cache.updateActionResult({ actionDigest: action, actionResult, digestFunction }),
    /a tree that is too large/,
  );
  const derivation = (await DerivationClient.create(rig)).derivation([]);
  const command = commandOf({ derivation, pins: {} });
  const commandDigest = await rig.upload(toBinary(CommandSchema, command), 'blake3');
  const asked = await rig.uploadMessage(ActionSchema, { commandDigest, inputRootDigest: huge }, 'blake3');
  const { response } = await rig.client().execute(asked, {}, 'blake3');
  assert.match(response.status?.message ?? '', /a directory of more than 67108864 bytes/);
});
