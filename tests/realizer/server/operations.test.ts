import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { nextTurn } from '../../../src/foundation/index.ts';
import { CommandSandbox, serverLimits } from '../../../src/realizer/index.ts';
import {
  type Digest,
  ExecuteOperationMetadataSchema,
  ExecutionStage_Value as Stage,
  type Operation,
  RetryInfoSchema,
} from '../../../src/realizer/protocol/index.ts';
import { ExecutionRig, type RigClient, heard } from './support/execution-rig.ts';

const lacking = await whatIsLacking();
const skip = lacking === undefined ? false : `there is no sandbox here: ${lacking}`;

/** Says that it is there, and goes on until it is ended. */
const endless = 'echo begun; sleep 1000';

describe('an operation', { skip }, () => {
  it('is one for all who ask for the same action at once', async () => {
    await using rig = await ExecutionRig.create();
    const [one, other] = [rig.client('one'), rig.client('other')];
    const action = await one.script('sleep 0.3; date +%N');
    const told = await Promise.all([
      one.execute(action),
      one.execute(action, { inlineStdout: true }),
      other.execute(action),
    ]);
    assert.equal(new Set(told.map(({ name }) => name)).size, 1);
    assert.equal(rig.events.filter(({ type }) => type === 'action-started').length, 1);
    assert.ok(told.every(({ response }) => response.result?.stdoutRaw.length === 10));
  });

  it('is gone through its stages, and can be asked for by its name when it has ended', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const action = await client.script('sleep 0.2');
    const told = await client.execute(action);
    assert.deepEqual(told.stages.slice(-2), [Stage.EXECUTING, Stage.COMPLETED]);
    const again = await client.operations.getOperation({ name: told.name });
    assert.equal(again.done, true);
    assert.deepEqual(
      (await heard(client.execution.waitExecution({ name: told.name }))).response,
      told.response,
    );
    await assert.rejects(client.operations.getOperation({ name: 'operations/other' }), {
      code: Code.NotFound,
    });
    await assert.rejects(heard(client.execution.waitExecution({ name: '' })), { code: Code.NotFound });
  });

  it('is joined by its name while it goes on', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const begun = await begin(client, await client.script('sleep 0.3; exit 5'));
    begun.leave();
    const { response } = await heard(client.execution.waitExecution({ name: begun.name }));
    assert.equal(response.result?.exitCode, 5);
  });

  it('is forgotten when it has been kept for long enough, and when there are many', async () => {
    await using rig = await ExecutionRig.create({ limits: { keptLimit: 1 } });
    const client = rig.client();
    const first = await client.execute(await client.script('true'));
    const second = await client.execute(await client.script('true; true'));
    await assert.rejects(client.operations.getOperation({ name: first.name }), { code: Code.NotFound });
    assert.equal((await client.operations.getOperation({ name: second.name })).done, true);
  });

  it('is forgotten when what came of those that have ended is much', async () => {
    await using rig = await ExecutionRig.create({ limits: { keptSize: 3_000_000 } });
    const client = rig.client();
    const names: string[] = [];
    for (let count = 0; count < 4; count++) {
      const action = await client.script('head -c 1000000 /dev/zero');
      const { name, response } = await client.execute(action, { inlineStdout: true });
      assert.equal(response.result?.stdoutRaw.length, 1_000_000);
      names.push(name);
    }
    const found = await Promise.allSettled(names.map((name) => client.operations.getOperation({ name })));
    assert.deepEqual(
      found.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled', 'fulfilled'],
    );
  });

  it('ends with its program when it is cancelled', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const begun = await begin(client, await client.script(endless));
    await untilItSays(rig, begun, 'begun\n');
    await client.operations.cancelOperation({ name: begun.name });
    const { response } = await begun.told;
    assert.equal(response.status?.code, Code.Canceled);
    assert.equal(rig.server.load().running, 0);
    await client.operations.cancelOperation({ name: begun.name });
  });

  it('that others wait for goes on when one has cancelled it', async () => {
    await using rig = await ExecutionRig.create();
    const [one, other] = [rig.client('one'), rig.client('other')];
    const action = await one.script('echo begun; sleep 0.5');
    const begun = await begin(one, action);
    const watched = await begin(other, action);
    assert.equal(watched.name, begun.name);
    await one.operations.cancelOperation({ name: begun.name });
    await assert.rejects(begun.told, { code: Code.Canceled });
    assert.equal((await watched.told).response.result?.exitCode, 0);
  });

  it('goes on for a while when all have gone away, and is ended with its program then', async () => {
    await using rig = await ExecutionRig.create({ limits: { graceMs: 300 } });
    const client = rig.client();
    const begun = await begin(client, await client.script(endless));
    await untilItSays(rig, begun, 'begun\n');
    begun.leave();
    await begun.told.catch(() => undefined);
    assert.equal((await client.operations.getOperation({ name: begun.name })).done, false);
    await ended(rig);
    assert.equal(rig.server.load().running, 0);
    const { response } = await heard(client.execution.waitExecution({ name: begun.name }));
    assert.equal(response.status?.code, Code.Canceled);
    assert.match(response.status.message, /nobody waits/);
  });

  it('does not end where somebody comes back in time', async () => {
    await using rig = await ExecutionRig.create({ limits: { graceMs: 300 } });
    const client = rig.client();
    const begun = await begin(client, await client.script('echo begun; sleep 1; exit 6'));
    begun.leave();
    await begun.told.catch(() => undefined);
    const { response } = await heard(client.execution.waitExecution({ name: begun.name }));
    assert.equal(response.result?.exitCode, 6);
  });

  it('has streams that are followed while its program runs', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const action = await client.script('echo one; echo other >&2; sleep 0.2; echo two');
    const begun = await begin(client, action);
    const texts = await Promise.all(
      ['stdout', 'stderr'].map(async (stream) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of rig.server.streams.follow(`${begun.name}/${stream}`) ?? [])
          pieces.push(piece);
        return Buffer.concat(pieces).toString();
      }),
    );
    assert.deepEqual(texts, ['one\ntwo\n', 'other\n']);
    await begun.told;
    assert.equal(rig.server.streams.follow(`${begun.name}/stdout`), undefined);
  });
});

describe('the queue', { skip }, () => {
  it('lets clients take turns, and orders what one has by its priority', async () => {
    await using rig = await ExecutionRig.create({ configuration: { cores: 1 } });
    const [busy, modest] = [rig.client('busy'), rig.client('modest')];
    const first = await begin(busy, await busy.script('sleep 0.5'));
    const waiting: Promise<unknown>[] = [];
    const queue = async (client: RigClient, name: string, priority: number): Promise<void> => {
      const action = await client.script(`: ${name}`);
      names.set(action.hash, name);
      const queued = rig.queued;
      waiting.push(client.execute(action, { executionPolicy: { priority } }));
      while (rig.queued === queued) await nextTurn();
    };
    const names = new Map<string, string>();
    await queue(busy, 'busy late', 1);
    await queue(busy, 'busy first', -1);
    await queue(busy, 'busy second', -1);
    await queue(modest, 'modest', 1000);
    await Promise.all([first.told, ...waiting]);
    const started = rig.events.filter((event) => event.type === 'action-started').slice(1);
    assert.deepEqual(
      started.map(({ action }) => names.get(action)),
      ['busy first', 'modest', 'busy second', 'busy late'],
    );
  });

  it('takes no more of one client than that one may, and tells when to come again', async () => {
    await using rig = await ExecutionRig.create({
      quotaOf: (name) => (name === 'small' ? { actions: 1 } : {}),
    });
    const [small, large] = [rig.client('small'), rig.client('large')];
    const begun = await begin(small, await small.script(endless));
    await refusedWith(
      small.execute(await small.script('true')),
      Code.ResourceExhausted,
      /'small' may have 1 actions at once/,
    );
    assert.equal((await large.result(await large.script('true'))).exitCode, 0);
    await small.operations.cancelOperation({ name: begun.name });
    await begun.told;
    assert.equal((await small.result(await small.script('true; true'))).exitCode, 0);
  });

  it('takes no more than all may together', async () => {
    await using rig = await ExecutionRig.create({ limits: { actions: 1 } });
    const client = rig.client();
    const action = await client.script(endless);
    const begun = await begin(client, action);
    await refusedWith(
      client.execute(await client.script('true')),
      Code.ResourceExhausted,
      /has 1 actions already/,
    );
    const joined = await begin(client, action);
    assert.equal(joined.name, begun.name);
    await client.operations.cancelOperation({ name: begun.name });
    await Promise.all([begun.told, joined.told]);
  });

  it('takes nothing new while it drains, and ends what goes on', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const begun = await begin(client, await client.script('echo begun; sleep 0.3'));
    const drained = rig.server.drain();
    await refusedWith(client.execute(await client.script('true')), Code.Unavailable, /about to end/);
    await drained;
    assert.equal((await begun.told).response.result?.exitCode, 0);
    assert.equal((await rig.server.state()).isDraining, true);
  });

  it('ends all programs when it is closed', async () => {
    await using rig = await ExecutionRig.create();
    const client = rig.client();
    const begun = await begin(client, await client.script(endless));
    await untilItSays(rig, begun, 'begun\n');
    await rig.server.close();
    const { response } = await begun.told;
    assert.equal(response.status?.code, Code.Unavailable);
  });
});

interface Begun {
  readonly name: string;
  readonly told: ReturnType<typeof heard>;
  readonly leave: () => void;
}

/** Asks for an action, and goes on when its program is about to be executed. */
async function begin(client: RigClient, actionDigest: Digest): Promise<Begun> {
  const controller = new AbortController();
  const answer = client.execution.execute({ actionDigest }, { signal: controller.signal });
  const operations = answer[Symbol.asyncIterator]();
  let [name, stage]: [string, Stage | undefined] = ['', undefined];
  while (stage !== Stage.EXECUTING) {
    const next = await operations.next();
    assert.ok(next.done !== true, 'it has ended before its program began');
    name = next.value.name;
    stage = stageOf(next.value);
  }
  const told = heard({ [Symbol.asyncIterator]: () => operations });
  told.catch(() => undefined);
  return { name, told, leave: () => controller.abort() };
}

function stageOf({ metadata }: Operation): Stage | undefined {
  return metadata && anyUnpack(metadata, ExecuteOperationMetadataSchema)?.stage;
}

async function untilItSays(rig: ExecutionRig, { name }: Begun, text: string): Promise<void> {
  let said = '';
  for await (const piece of rig.server.streams.follow(`${name}/stdout`) ?? []) {
    said += Buffer.from(piece).toString();
    if (said === text) return;
  }
  assert.fail(`it has said ${JSON.stringify(said)}`);
}

async function ended(rig: ExecutionRig): Promise<void> {
  while (rig.server.executions.size > 0) await nextTurn();
}

async function refusedWith(call: Promise<unknown>, code: Code, message: RegExp): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  assert.equal(error?.code, code);
  assert.match(error.message, message);
  assert.equal(error.findDetails(RetryInfoSchema).length, 1);
}

async function whatIsLacking(): Promise<string | undefined> {
  await using rig = await ExecutionRig.create();
  return await new CommandSandbox(rig.store, serverLimits.native).lacking();
}
