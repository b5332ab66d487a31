import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { type CabRig, withCab } from '../support/index.ts';
import { parsePrometheus, valueOf } from './prometheus.ts';
import { resultTree } from './scenario.ts';
import { type ServedRealizer, serveRealizer } from './served-realizer.ts';

/** At a socket, which is the same one after a restart. */
const configuration = `
listen = ["unix:realizer.sock"]
[metrics]
listen = "tcp:127.0.0.1:0"
[network]
allow = ["127.0.0.1"]
`;

interface Scenario {
  readonly rig: CabRig;
  /** Starts the realizer over its store, or starts it again. */
  readonly serve: (...more: readonly string[]) => Promise<ServedRealizer>;
}

/** A project of one file that lies at an origin, and a realizer that is to build it. */
async function scenario(context: TestContext): Promise<Scenario> {
  const rig = await withCab(context);
  await rig.serveFiles({ x: 'content' });
  await rig.write({ 'default.cab': `{ default = toDerivation <${rig.server.url}/files/x> }\n` });
  await rig.configure(`[realizers.served]\naddress = "unix:${path.join(rig.folder, 'realizer.sock')}"\n`);
  const store = path.join(rig.folder, 'served-store');
  return {
    rig,
    serve: (...more) => serveRealizer(rig, `${configuration}${more.join('\n')}`, '--store', store),
  };
}

const expected = new Map([
  ['', { kind: 'file', executable: false, sha256: createHash('sha256').update('content').digest('hex') }],
]);

test('a build on a realizer is counted, and asked for once more it is known', async (context) => {
  const { rig, serve } = await scenario(context);
  const realizer = await serve();
  await rig.succeed('build', '--realizer', 'served');
  assert.deepEqual(await resultTree(rig), expected);
  await rig.deleteStore();
  await rig.deleteLock();
  await rig.succeed('build', '--realizer', 'served');
  const samples = parsePrometheus((await realizer.get('/metrics')).text);
  const actions = 'cab_realizer_actions_total';
  assert.equal(valueOf(samples, actions, { outcome: 'built', executor: 'wasm' }), 1);
  assert.equal(valueOf(samples, actions, { outcome: 'known', executor: 'wasm' }), 1);
  assert.equal(valueOf(samples, 'cab_realizer_claims_ended_early_total'), 1);
  assert.equal(valueOf(samples, 'cab_realizer_action_wait_seconds_count'), 2);
  assert.equal(valueOf(samples, 'cab_realizer_actions_running'), 0);
  assert.ok(valueOf(samples, 'cab_realizer_store_bytes') > 0);
  const ended = realizer.log.filter(({ event }) => event === 'action-ended');
  assert.deepEqual(
    ended.map(({ outcome, executor, client }) => [outcome, executor, client]),
    [
      ['built', 'wasm', 'local'],
      ['known', 'wasm', 'local'],
    ],
  );
});

test('a realizer that is told to end lets a build come to its end, and its client gets the result', async (context) => {
  const { rig, serve } = await scenario(context);
  const hold = rig.server.fault({ kind: 'hold' });
  const realizer = await serve();
  const building = rig.spawnCab('build', '--realizer', 'served');
  await hold.waitForStrike();
  realizer.signal('SIGTERM');
  assert.equal((await realizer.logged('draining'))['running'], 1);
  hold.release();
  const { code, stderr } = await building.ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(await resultTree(rig), expected);
  assert.equal((await realizer.ended).code, 0);
});

test('a build goes on when its realizer was killed in its middle, and started again', async (context) => {
  const { rig, serve } = await scenario(context);
  const hold = rig.server.fault({ kind: 'hold' });
  const first = await serve();
  const building = rig.spawnCab('build', '--realizer', 'served');
  await hold.waitForStrike();
  first.signal('SIGKILL');
  await first.ended;
  hold.release();
  const second = await serve();
  const { code, stderr } = await building.ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(await resultTree(rig), expected);
  assert.equal((await second.logged('action-ended'))['outcome'], 'built');
});
