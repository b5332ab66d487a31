import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { compileShell } from '../executors/support/shell.ts';
import { withCab } from '../support/index.ts';

test('a WebAssembly module beside a file of the project is a builder', async (context) => {
  const rig = await withCab(context);
  const commands = ['mkdir $out', 'write $out/made by a module', 'variable word', 'say done'];
  await rig.write({
    'shell.wasm': await compileShell(),
    'default.cab': `derivation {
  name = "made",
  builder = ./shell.wasm,
  arguments = [${commands.map((command) => JSON.stringify(command)).join(', ')}],
  environment = { word = "told", },
  requiredRealizerFeatures = ["wasm"],
}`,
  });
  const { stderr } = await rig.succeed('build');
  assert.match(stderr, /made> variable: told\nmade> done\n/);
  assert.equal(await readFile(path.join(rig.project, 'result', 'made'), 'utf8'), 'by a module');
});

test('a program that does not come to an end is ended by what the configuration says', async (context) => {
  const rig = await withCab(context);
  await rig.configure('[realizer]\nprogram-seconds = 0.5\n');
  await rig.write({
    'shell.wasm': await compileShell(),
    'default.cab': `derivation {
  name = "endless", builder = ./shell.wasm, arguments = ["say on", "loop"], requiredRealizerFeatures = ["wasm"],
}`,
  });
  const { code, stderr } = await rig.cab('build');
  assert.equal(code, 1);
  assert.match(stderr, /ran for longer than 0\.5 s, which is all that a program may take/);
});
