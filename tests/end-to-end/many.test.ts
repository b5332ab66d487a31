/** Graphs of many derivations, with few files open at a time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CabRig, type CommandResult, cabCommand, startCommand, withCab } from '../support/index.ts';
import { head, reasonToSkip } from './native-builds.ts';

/** One derivation below so many others. */
function graph(make: string, count: number): string {
  return `${head}let
  make = ${make},
in make "all" (join " " (map (number => "\\(make "step-\\(toString number)" (toString number))") (range 1 ${count})))`;
}

/** Builds the project with no more files open than that. */
function buildWithFiles(rig: CabRig, files: number): Promise<CommandResult> {
  const command = `ulimit -n ${files}; exec "$0" build --no-link`;
  const { home: HOME, store: CAB_STORE, configurationFile: CAB_CONFIG } = rig;
  const environment = { PATH: process.env['PATH'] ?? '', HOME, CAB_STORE, CAB_CONFIG };
  return startCommand('/bin/sh', ['-c', command, cabCommand], { folder: rig.project, environment }).ended;
}

async function assertBuilds(rig: CabRig, count: number): Promise<void> {
  const first = await buildWithFiles(rig, 64);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stderr.match(/^built /gm)?.length, count + 1);
  // What is known is not built again.
  const second = await buildWithFiles(rig, 64);
  assert.deepEqual({ code: second.code, stderr: second.stderr }, { code: 0, stderr: '' });
}

test('a thousand WebAssembly programs are run with few files open', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': graph('packages.writeText', 1000) });
  await assertBuilds(rig, 1000);
});

describe('in the sandbox', { skip: reasonToSkip() }, () => {
  test('a hundred programs are run with few files open', async (context) => {
    const rig = await withCab(context);
    const make =
      'name => text => packages.run { name, environment = { text, }, script = "echo $text > $out", }';
    await rig.write({ 'default.cab': graph(make, 100) });
    await assertBuilds(rig, 100);
  });
});
