import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { evaluate } from './check.ts';
import { nixPairs } from './nix-pairs.ts';

/** The values of all expressions, by one run of Nix. */
function valuesByNix(expressions: readonly string[]): readonly unknown[] {
  const list = `[ ${expressions.map((expression) => `(${expression})`).join('\n')} ]`;
  const environment = { PATH: process.env['PATH'], NIX_STATE_DIR: '/nonexistent', NIX_REMOTE: 'dummy://' };
  const result = spawnSync('nix-instantiate', ['--eval', '--strict', '--json', '-E', list], {
    encoding: 'utf8',
    env: environment,
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout) as readonly unknown[];
}

test('where the languages agree, an expression comes to what Nix makes of it', () => {
  const values = valuesByNix(nixPairs.map(([, nix]) => nix));
  assert.equal(values.length, nixPairs.length);
  for (const [index, [cab]] of nixPairs.entries()) {
    const { evaluator, value } = evaluate(cab);
    assert.deepEqual(JSON.parse(JSON.stringify(evaluator.toJson(value))), values[index], cab);
  }
});
