import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { pathOfProgram, programs } from '../../scripts/programs.ts';
import { type StorePath } from '../../src/foundation/index.ts';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { Rig } from '../executors/support/rig.ts';

async function runText(
  rig: Rig,
  commandLine: readonly string[],
  environment: Readonly<Record<string, string>>,
  inputs: readonly StorePath[] = [],
): Promise<Readonly<Record<string, string>>> {
  const program = programs.find(({ name }) => name === 'text');
  assert.ok(program);
  const builder = rig.add('text.wasm', await readFile(pathOfProgram(program)));
  const derivation = rig.derivation({
    builder,
    arguments: commandLine,
    environment,
    inputs: { derivations: [], trees: [builder, ...inputs] },
  });
  const { result } = await rig.run(rig.open(createWasmExecutor), derivation);
  return rig.contents(result);
}

test('a text becomes a file, executable if so asked', async () => {
  await using rig = await Rig.create();
  assert.deepEqual(await runText(rig, ['write', '0'], { text: 'grüße\n' }), { '': 'file:grüße\n' });
  assert.deepEqual(await runText(rig, ['write', '1'], { text: '' }), { '': 'executable:' });
});

test('names between marks are replaced in every file of a tree', async () => {
  await using rig = await Rig.create();
  const source = rig.add('source', {
    a: '@greeting@, @@greeting@! @unknown@ a@b @out@',
    'run.sh': 'echo @greeting@',
    empty: '',
  });
  assert.deepEqual(await runText(rig, ['substitute', source], { greeting: 'hello' }, [source]), {
    a: 'file:hello, @hello! @unknown@ a@b @out@',
    'run.sh': 'executable:echo hello',
    empty: 'file:',
  });
});
