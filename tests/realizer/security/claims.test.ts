import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionResultSchema, DigestFunction_Value } from '../../../src/realizer/protocol/index.ts';
import { create } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { DerivationClient, addFile, realisedIn } from '../server/support/derivation-client.ts';
import { ExecutionRig } from '../server/support/execution-rig.ts';
import { compileShell } from '../../executors/support/shell.ts';

const shell = compileShell();

const self = { kind: 'self' } as const;
const commit = 'git:3f2c3f2c3f2c3f2c3f2c3f2c3f2c3f2c3f2c3f2c';

test('a program cannot claim what another origin has, nor another program what this one has', async () => {
  await using rig = await ExecutionRig.create();
  const victim = await DerivationClient.create(rig, 'victim');
  const attacker = await DerivationClient.create(rig, 'attacker');
  const honest = victim.derivation([`claim ${commit}`, 'write $out honest'], { fix: self });
  // Another origin: the same program, asked for something else.
  const otherOrigin = attacker.derivation([`claim ${commit}`, 'write $out evil', 'say of another origin'], {
    fix: self,
  });
  // Another program, asked for the very same.
  const other = addFile(rig, 'fetch.wasm', Buffer.concat([await shell, Buffer.from([0, 2, 1, 0x78])]));
  const otherProgram = attacker.derivation([`claim ${commit}`, 'write $out evil'], {
    fix: self,
    builder: other,
    inputs: { derivations: [], trees: [other] },
  });
  for (const evil of [otherOrigin, otherProgram]) {
    const realised = await attacker.realise(evil, { doNotCache: true });
    assert.equal(attacker.textOf(realised), 'evil');
  }
  const first = await victim.realise(honest, { doNotCache: true });
  assert.ok(first.result.outcome === 'realized' && first.result.how === 'built');
  assert.equal(victim.textOf(first), 'honest');
  // And the other way round: what is known of the victim's is not found under another name.
  const again = await attacker.realise(
    attacker.derivation([`claim ${commit}`, 'say late', 'write $out evil'], { fix: self }),
    { doNotCache: true },
  );
  assert.equal(attacker.textOf(again), 'evil');
  assert.equal(victim.textOf(await victim.realise(honest, { doNotCache: true })), 'honest');
});

test('a claim of a Cab hash finds only what has that hash, and one that is wrong ends in an error', async () => {
  await using rig = await ExecutionRig.create();
  const client = await DerivationClient.create(rig);
  const made = await client.realise(client.derivation(['write $out evil']));
  const { result } = await client.realise(
    client.derivation([`claim cab:${'z'.repeat(52)}`, 'write $out other'], { fix: self }),
    { doNotCache: true },
  );
  assert.equal(made.result.outcome, 'realized');
  assert.equal(result.outcome, 'failed');
});

test('a pin that a client sends leads to nothing that another client has made', async () => {
  await using rig = await ExecutionRig.create();
  const victim = await DerivationClient.create(rig, 'victim');
  const attacker = await DerivationClient.create(rig, 'attacker');
  const evil = attacker.derivation([`claim ${commit}`, 'write $out evil'], { fix: self });
  await attacker.realise(evil, { doNotCache: true });
  const [format = '', value = ''] = commit.split(':');
  const honest = victim.derivation([`claim ${commit}`, 'say honest', 'write $out honest'], { fix: self });
  assert.equal(victim.textOf(await victim.realise(honest, { pins: { [format]: value } })), 'honest');
});

test('a result that a client says of a derivation is not believed', async () => {
  await using rig = await ExecutionRig.create();
  const victim = await DerivationClient.create(rig, 'victim');
  const derivation = victim.derivation(['write $out honest']);
  const action = await victim.upload(derivation);
  const evil = await rig.upload('evil', 'blake3');
  const attacker = rig.client('attacker');
  const outcome = await attacker.cache
    .updateActionResult({
      actionDigest: action,
      actionResult: create(ActionResultSchema, { exitCode: 0, outputFiles: [{ path: 'out', digest: evil }] }),
      digestFunction: DigestFunction_Value.BLAKE3,
    })
    .then(
      () => 'taken',
      (error: unknown) => ConnectError.from(error).message,
    );
  const realised = realisedIn((await victim.ask(derivation)).response);
  assert.equal(victim.textOf(realised), 'honest', outcome);
});
