import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { CabRig } from '../support/index.ts';
import { reasonToSkip, withProject } from './native-builds.ts';
import { withScenario } from './scenario.ts';

interface Info {
  readonly path: string;
  readonly derivers: readonly {
    readonly id: string;
    readonly name: string;
    readonly output: string;
    readonly claims: readonly string[];
  }[];
}

async function infoOf(rig: CabRig, ...words: string[]): Promise<readonly Info[]> {
  return (await rig.succeed('store', 'path-info', '--json', ...words)).json() as Info[];
}

test('an output leads back to what made it: a build by its content, a fetch by its claims', async (context) => {
  const { rig, firstCommit } = await withScenario(context);
  await rig.succeed('build', '.', '.#source');
  const [built, fetched] = await infoOf(rig, 'result', 'result-1');
  assert.deepEqual(
    built?.derivers.map(({ name, output, claims }) => [name, output, claims]),
    [['greeting', 'out', []]],
  );
  const [fetching] = fetched?.derivers ?? [];
  assert.ok(fetching !== undefined);
  assert.ok(fetching.claims.includes(`git:${firstCommit}`), fetching.claims.join());
  assert.ok(fetching.claims.includes(`cab:${path.basename(fetched?.path ?? '').slice(0, 52)}`));
  const shown = await rig.succeed('store', 'path-info', 'result-1');
  assert.match(shown.stdout, new RegExp(`^deriver     ${fetching.id} \\(.*, output out\\)\\n  cab:`, 'm'));
});

test('a derivation whose row is damaged is not taken for the deriver', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build');
  const database = new DatabaseSync(path.join(rig.store, 'metadata.sqlite'));
  database.exec("UPDATE derivations SET encoding = replace(encoding, 'world', 'wurld')");
  database.close();
  const [built] = await infoOf(rig, 'result');
  assert.deepEqual(built?.derivers, []);
});

test(
  'of a build with the machine’s tools, and of what fixes itself without a claim, the deriver is known too',
  { skip: reasonToSkip() },
  async (context) => {
    const rig = await withProject(
      context,
      `{
  tools = derivation {
    name = "tools", builder = "/bin/sh", arguments = ["-euc", "echo one > $out; echo two > $dev"],
    outputs = ["out", "dev"], requiredRealizerFeatures = ["host-tools"],
  },
  silent = derivation {
    name = "silent", builder = "/bin/sh", arguments = ["-euc", "echo made > $out"],
    requiredRealizerFeatures = ["host-tools"], fix = "self",
  },
}`,
    );
    await rig.succeed('build', '.#tools', '.#silent');
    const infos = await infoOf(rig, 'result', 'result-dev', 'result-1');
    assert.deepEqual(
      infos.map(({ derivers }) => derivers.map(({ name, output }) => [name, output])),
      [[['tools', 'out']], [['tools', 'dev']], [['silent', 'out']]],
    );
  },
);
