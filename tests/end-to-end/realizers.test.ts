import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { type CabRig, withCab } from '../support/index.ts';
import { startBarrier } from '../support/barrier.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { head, reasonToSkip, system } from './native-builds.ts';
import { type ServedRealizer, serveRealizer } from './served-realizer.ts';

const skip = reasonToSkip();

/** A rig whose configuration names a realizer `workshop`, which runs. */
async function withWorkshop(
  context: TestContext,
): Promise<{ readonly rig: CabRig; readonly workshop: ServedRealizer; readonly address: string }> {
  const rig = await withCab(context);
  const workshop = await serveRealizer(rig, served('127.0.0.1:0'));
  const address = workshop.told.listening[0]?.replace('tcp:', '') ?? '';
  await rig.configure(`[realizers.workshop]\naddress = "http://${address}"`);
  return { rig, workshop, address };
}

function served(address: string): string {
  return `listen = ["tcp:${address}"]\n[anonymous]\nmay = ["read", "write", "execute"]\n`;
}

/** Ends a realizer without a word. */
async function kill(realizer: ServedRealizer): Promise<void> {
  realizer.signal('SIGKILL');
  await realizer.ended;
}

/** A derivation that a shell makes on whatever realizer has the machine's tools. */
function shell(name: string, script: string): string {
  return `derivation {
    name = "${name}", builder = "/bin/sh", arguments = [ "-c", ${JSON.stringify(script)}, ],
    requiredRealizerFeatures = [ "${system}", "host-tools", ], outputs = [ "out", ],
  }`;
}

/** What `--json` tells of a realizer, as far as the test looks into it. */
interface Report {
  readonly name: string;
  readonly state: string;
  readonly version?: string;
  readonly features?: readonly string[];
  readonly latencyMs?: number;
  readonly store?: { readonly bytes: number };
  readonly client?: string;
  readonly diagnostic?: { readonly code: string };
}

test('the realizers are listed, and each tells what it is', async (context) => {
  const { rig } = await withWorkshop(context);
  const nobody = await startBarrier();
  await nobody.end();
  await rig.configure(
    `${await configured(rig)}\n[realizers.ruin]\naddress = "http://127.0.0.1:${nobody.port}"`,
  );
  const list = await rig.succeed('realizer', 'list');
  assert.match(list.stdout, /^embedded .* serving .*wasm/m);
  assert.match(list.stdout, /^workshop .* serving .*wasm/m);
  assert.match(list.stdout, /^ruin .* unavailable .*CAB4040/m);
  const status = await rig.succeed('realizer', 'status', '--json');
  const reports = JSON.parse(status.stdout) as readonly Report[];
  const [embedded, workshop, ruin] = reports;
  assert.deepEqual(
    reports.map(({ name, state }) => [name, state]),
    [
      ['embedded', 'serving'],
      ['workshop', 'serving'],
      ['ruin', 'unavailable'],
    ],
  );
  assert.deepEqual(workshop?.features, embedded?.features);
  assert.equal(workshop?.version, embedded?.version);
  assert.ok(workshop?.latencyMs !== undefined && workshop.latencyMs > 0);
  assert.ok(workshop.store !== undefined && workshop.store.bytes > 0);
  assert.equal(workshop.client, 'anonymous');
  assert.equal(ruin?.diagnostic?.code, 'CAB4040');
});

test('the status of one that is named and not there ends with 1', async (context) => {
  const rig = await withCab(context);
  const nobody = await startBarrier();
  await nobody.end();
  await rig.configure(`[realizers.ruin]\naddress = "http://127.0.0.1:${nobody.port}"`);
  assert.equal((await rig.cab('realizer', 'status')).code, 0);
  const named = await rig.cab('realizer', 'status', 'ruin');
  assert.equal(named.code, 1);
  assert.match(named.stdout, /^ruin\n {2}address .*\n {2}state +unavailable: /);
  await assertDiagnostic(
    rig,
    { ...named, stdout: '' },
    { title: 'a realizer that is not there', code: 'CAB4040' },
  );
  await assertDiagnostic(rig, await rig.cab('realizer', 'status', 'run'), {
    title: 'the status of a realizer with a misspelt name',
    code: 'CAB4008',
  });
});

test('a build on a realizer that is not there says which, where, why, and what to do', async (context) => {
  const rig = await withCab(context);
  const nobody = await startBarrier();
  await nobody.end();
  await rig.configure(`[realizers.ruin]\naddress = "http://127.0.0.1:${nobody.port}"`);
  await rig.write({ 'default.cab': `${head}packages.writeText "greeting" "hello\\n"` });
  const result = await rig.cab('build', '--realizer', 'ruin');
  await assertDiagnostic(rig, result, { title: 'a build on a realizer that is not there', code: 'CAB4040' });
});

test('what is built on a realizer comes here as the result, with its log', { skip }, async (context) => {
  const { rig, workshop } = await withWorkshop(context);
  await rig.write({ 'default.cab': shell('greeting', 'echo building; echo hello > $out') });
  const built = await rig.succeed('build', '--realizer', 'workshop');
  assert.match(built.stderr, /greeting> building/);
  assert.equal(await readFile(path.join(rig.project, 'result'), 'utf8'), 'hello\n');
  assert.equal((await rig.succeed('log')).stdout, 'building\n');
  assert.match((await rig.succeed('build', '--realizer', 'workshop', '--check')).stdout, /^same +greeting/);
  await kill(workshop);
  const offline = await rig.cab('build', '--realizer', 'embedded');
  assert.equal(offline.code, 0, offline.stderr);
});

test(
  'a build outlives its realizer, which is killed and started again in its middle',
  { skip },
  async (context) => {
    const { rig, workshop, address } = await withWorkshop(context);
    await rig.write({ 'default.cab': shell('long', 'echo begun; sleep 2; echo done; echo long > $out') });
    const running = rig.spawnCab('build', '--realizer', 'workshop', '--log-format', 'plain');
    await running.says(/long> begun/);
    await kill(workshop);
    await serveRealizer(rig, served(address));
    const result = await running.ended;
    assert.equal(result.code, 0, result.stderr);
    assert.equal(result.stderr.match(/long> begun/g)?.length, 2, result.stderr);
    assert.equal(result.stderr.match(/long> done/g)?.length, 1, result.stderr);
    assert.equal((await rig.succeed('log')).stdout, 'begun\ndone\n');
  },
);

test('a build that is interrupted is ended on its realizer', { skip }, async (context) => {
  const { rig, workshop } = await withWorkshop(context);
  await rig.write({ 'default.cab': shell('endless', 'echo begun; sleep 600; echo x > $out') });
  const running = rig.spawnCab('build', '--realizer', 'workshop', '--log-format', 'plain');
  await running.says(/endless> begun/);
  running.process.kill('SIGINT');
  const result = await running.ended;
  assert.equal(result.code, 1);
  assert.match(result.stderr, /CAB4009/);
  assert.equal((await workshop.logged('action-ended'))['outcome'], 'cancelled');
});

async function configured(rig: CabRig): Promise<string> {
  const text = await readFile(rig.configurationFile, 'utf8');
  return text.slice(text.indexOf('[realizers.'));
}
