import assert from 'node:assert/strict';
import test from 'node:test';
import { git, readTree, withCab, type CabRig } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { build, hashOf } from './scenario.ts';

const sourceOf = (island: string): string => `{ default = toDerivation ${island} }\n`;

async function withTool(rig: CabRig): Promise<void> {
  await rig.write({
    '../tool/default.cab': '{ name = readFile ./name, inner = import <path:./inner> }\n',
    '../tool/name': 'tool',
    '../tool/inner/default.cab': '42\n',
    '../tool/.gitignore': 'ignored\n',
    '../tool/ignored': 'not to be seen\n',
    '../tool/docs/page.md': '# A page\n',
  });
  await git(['init', '--quiet'], { folder: `${rig.folder}/tool` });
}

test('a path island is a local tree, without what git ignores, and never in the lock', async (context) => {
  const rig = await withCab(context);
  await withTool(rig);
  await rig.write({ 'default.cab': sourceOf('<path:../tool>') });
  const report = await build(rig);
  const tree = await readTree(report.outputs['out']?.path ?? '');
  const names = ['.gitignore', 'default.cab', 'docs/page.md', 'inner/default.cab', 'name'];
  assert.deepEqual([...tree.keys()], names);
  assert.equal(await rig.lock(), undefined);
  const shown = await rig.succeed('show-derivation');
  const derivation = shown.json() as { readonly fix: { readonly cab?: string } };
  assert.equal(`cab:${derivation.fix.cab}`, hashOf(report));
  await rig.write({ '../tool/name': 'another' });
  assert.notEqual(hashOf(await build(rig)), hashOf(report));
  assert.deepEqual(rig.server.requests, []);
});

test('the same tree by another way is the same derivation', async (context) => {
  const rig = await withCab(context);
  await withTool(rig);
  await rig.write({ 'default.cab': sourceOf('<path:../tool>') });
  const relative = await build(rig);
  await rig.write({ 'default.cab': sourceOf(`<path:${rig.folder}//tool/.>`) });
  assert.deepEqual(await build(rig), relative);
  await rig.write({ 'default.cab': sourceOf('<path:{ path = "../tool", }::/docs>') });
  const report = await build(rig);
  assert.deepEqual([...(await readTree(report.outputs['out']?.path ?? '')).keys()], ['page.md']);
});

test('files of a path island are read, and name path islands of their own', async (context) => {
  const rig = await withCab(context);
  await withTool(rig);
  await rig.write({ 'default.cab': '{ tool = import <path:../tool>, text = readFile <path:../tool>/name }' });
  const printed = await rig.succeed('eval', '--json');
  assert.deepEqual(printed.json(), { text: 'tool', tool: { inner: 42, name: 'tool' } });
  assert.equal((await rig.succeed('eval', 'path:../tool#inner')).stdout, '42\n');
});

test('a path island that is not there is an error', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': sourceOf('<path:./missing>') });
  const title = 'a path island that is not there';
  await assertDiagnostic(rig, await rig.cab('build'), { title, code: 'CAB6101' });
  await rig.write({ 'default.cab': sourceOf('<path:missing>') });
  await assertDiagnostic(rig, await rig.cab('build'), {
    title: 'a path island without a place',
    code: 'CAB3002',
  });
});

test('what stands in the place of an island from elsewhere names no place of this machine', async (context) => {
  const rig = await withCab(context);
  await withTool(rig);
  await rig.write({ 'default.cab': 'import <github:o/tool>' });
  const result = await rig.cab('eval', '.#inner', '--override', 'github:o/tool=../tool');
  const title = 'a path island within an island';
  await assertDiagnostic(rig, result, { title, code: 'CAB3211' });
});
