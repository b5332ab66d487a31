import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { errorPages } from '../../scripts/error-pages.ts';
import {
  type DiagnosticCode,
  type LanguageExplanation,
  catalogue,
  codeGroups,
  loadExplanations,
} from '../../src/diagnostics/index.ts';
import { diagnosticsOf } from '../language/evaluation/check.ts';
import { MemoryWorld } from '../language/evaluation/memory-world.ts';
import { assertGolden } from '../support/golden.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const explanations = await loadExplanations();
const codes = Object.keys(catalogue) as DiagnosticCode[];

/** Only ever added to: a code stays what it is, also where nothing is told by it any more. */
const known = path.join(import.meta.dirname, 'codes.txt');

test('no code ever goes away or gets another meaning', async () => {
  const lines = codes.map((code) => `${code} ${catalogue[code]}`).toSorted();
  const before = readFileSync(known, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const lost = before.filter((line) => !lines.includes(line));
  assert.deepEqual(
    lost,
    [],
    'a code with this title was there before: restore it, and take a new number for a new meaning',
  );
  await assertGolden(known, `${lines.join('\n')}\n`);
});

test('the codes of a group have numbers of their own', () => {
  const numbers = codeGroups.map(({ codes: own }) => Object.keys(own).map((code) => code.slice(3, 4)));
  for (const [index, own] of numbers.entries()) {
    for (const [other, others] of numbers.entries()) {
      if (index !== other)
        assert.deepEqual(
          own.filter((digit) => others.includes(digit)),
          [],
        );
    }
  }
});

test('each code is told somewhere, or retired', () => {
  const retired: readonly DiagnosticCode[] = [];
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.startsWith('src/diagnostics/'));
  const text = files.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
  assert.deepEqual(
    codes.filter((code) => !text.includes(`'${code}'`)),
    retired,
  );
});

test('each explanation is sentences', () => {
  for (const code of codes) {
    const { text } = explanations[code];
    assert.match(text, /^\n\S[^]+[.…]$|^\n\S[^]+\n {4}\S[^]+$/, code);
    assert.ok(text.length > 40, code);
  }
});

/** Examples that would take a computer's whole memory or more time than a test has. */
const tooLarge: readonly DiagnosticCode[] = ['CAB2003', 'CAB2023'];

for (const code of codes) {
  const explanation = explanations[code];
  if ('wrong' in explanation) checkExample(code, explanation);
}

function checkExample(code: DiagnosticCode, { wrong, right }: LanguageExplanation): void {
  test(`the right example of ${code} evaluates`, () => {
    assert.deepEqual(
      diagnosticsOf(right, new MemoryWorld({ '/file': 'content' })).map(({ message }) => message),
      [],
    );
  });
  if (tooLarge.includes(code)) return;
  test(`the wrong example of ${code} gets that code, and no other`, () => {
    assert.deepEqual(
      diagnosticsOf(wrong, new MemoryWorld({ '/file': 'content' })).map((diagnostic) => diagnostic.code),
      [code],
    );
  });
}

const pages = errorPages(explanations);

for (const [name, text] of pages) {
  test(`docs/errors/${name} is what the explanations say`, async () => {
    await assertGolden(path.join(root, 'docs', 'errors', name), text);
  });
}

test('docs/errors has no page that nothing writes', () => {
  assert.deepEqual(
    globSync('*', { cwd: path.join(root, 'docs', 'errors') }).toSorted(),
    [...pages.keys()].toSorted(),
  );
});
