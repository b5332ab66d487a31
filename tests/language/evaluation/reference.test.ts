import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { builtinDefinitions, globalNames } from '../../../src/language/evaluation/index.ts';
import { parse } from '../../../src/language/syntax/index.ts';
import { assertGolden } from '../../support/golden.ts';
import { renderReference } from './reference.ts';

const docs = fileURLToPath(new URL('../../../docs/reference/', import.meta.url));

test('the reference of builtins says what is said beside their implementation', async () => {
  await assertGolden(path.join(docs, 'builtins.md'), await renderReference(builtinDefinitions));
});

/** The rows of the tables for who comes from Nix: its names, and what is said of Cab. */
const rows = readFileSync(path.join(docs, 'coming-from-nix.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll(String.raw`\|`, '|')))
  .map(([, nix = '', cab = '']) => ({ nix, cab }));

const codes = (cell: string) => Array.from(cell.matchAll(/(`+) ?(.+?) ?\1(?!`)/g), ([, , code = '']) => code);

test('what is told to who comes from Nix is Cab', () => {
  const told = rows.filter(({ cab }) => !/^(?:left out|library|purity|trees|-+)/.test(cab));
  assert.ok(told.length > 100);
  for (const code of told.flatMap(({ cab }) => codes(cab))) {
    if (/^[A-Za-z]{2,}$/.test(code)) assert.ok(globalNames.has(code), code);
    assert.deepEqual(parse({ name: code, text: code }).diagnostics, [], code);
  }
});

const nix = spawnSync('nix-instantiate', ['--eval', '--json', '-E', 'builtins.attrNames builtins'], {
  encoding: 'utf8',
});

test(
  'every builtin of Nix is told of',
  { skip: nix.status === 0 ? false : 'nix-instantiate is not installed' },
  () => {
    const told = new Set(rows.flatMap((row) => codes(row.nix.replaceAll('`builtins.', '`'))));
    const missing = (JSON.parse(nix.stdout) as readonly string[]).filter((name) => !told.has(name));
    assert.deepEqual(missing, []);
  },
);
