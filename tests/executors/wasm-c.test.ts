import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { compileC } from './support/compilers.ts';
import { Rig } from './support/rig.ts';

describe('a program in C', () => {
  it('finds the functions of POSIX, with the rules of POSIX', { timeout: 60_000 }, async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createWasmExecutor);
    const builder = rig.add('posix.wasm', await compileC('posix.c'));
    const input = rig.add('input', { 'note.txt': 'from an input' });
    const derivation = rig.derivation({
      builder,
      arguments: ['wörd', input],
      environment: { greeting: 'hello, wörld' },
      inputs: { derivations: [], trees: [builder, input] },
    });
    const { result, log } = await rig.run(executor, derivation);
    assert.match(log.at(-1) ?? '', /^all hold: \d+$/, log.join('\n'));
    assert.deepEqual(rig.contents(result), {
      link: 'symlink:note.txt',
      'note.txt': 'file:changed',
      sub: 'directory',
      'sub/inner': 'directory',
    });
  });

  it('finds the functions of preview 1 as they are described, and can fix itself', async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createWasmExecutor);
    const builder = rig.add('preview1.wasm', await compileC('preview1.c'));
    const { result, log, claims } = await rig.run(
      executor,
      rig.derivation({ builder, fix: { kind: 'self' } }),
    );
    assert.match(log.at(-1) ?? '', /^all hold: \d+$/, log.join('\n'));
    assert.deepEqual(claims, [`git:${'7'.padStart(40, '0')}`, 'etag:"b"']);
    assert.deepEqual(rig.contents(result), { '': 'file:fixed' });
  });
});
