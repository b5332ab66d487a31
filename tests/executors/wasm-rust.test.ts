import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { compileRust } from './support/compilers.ts';
import { Rig } from './support/rig.ts';

describe('a program in Rust', () => {
  it('has the standard library, and comes out the same each time', { timeout: 120_000 }, async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createWasmExecutor);
    const builder = rig.add('standard.wasm', await compileRust('standard.rs'));
    const input = rig.add('input', { 'note.txt': 'from an input' });
    const environment = { greeting: 'hello' };
    const inputs = { derivations: [], trees: [builder, input] };
    const ordinary = rig.derivation({ builder, arguments: ['wörd', input], environment, inputs });
    const first = await rig.run(executor, ordinary);
    assert.equal(first.log.at(-1), 'all hold', first.log.join('\n'));
    assert.deepEqual(rig.contents(first.result), { 'note.txt': 'file:from an input' });
    assert.deepEqual(await rig.run(executor, ordinary), first);

    const fixing = { builder, arguments: ['wörd', 'fixing'], environment, fix: { kind: 'self' } } as const;
    const { result, log, claims } = await rig.run(executor, rig.derivation(fixing));
    assert.equal(result.outcome, 'finished', log.join('\n'));
    assert.deepEqual(claims, ['git:abc']);
  });
});
