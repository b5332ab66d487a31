import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DiagnosticError, renderDiagnostic } from '../../src/diagnostics/index.ts';
import { Evaluator } from '../../src/language/evaluation/index.ts';
import { format } from '../../src/language/formatter/index.ts';
import { assertGolden } from '../support/golden.ts';
import { MemoryWorld } from './evaluation/memory-world.ts';

const file = fileURLToPath(new URL('../../docs/tutorial/language.md', import.meta.url));
const page = readFileSync(file, 'utf8');

/** The fenced blocks of the page: behind the kind there is the name of a file, where the block is one. */
const blocks = Array.from(
  page.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```\n/gms),
  ([, kind = '', name, text = '']) => ({ kind, name, text }),
);
const files = blocks.filter(({ name }) => name !== undefined);
const samples = blocks.filter(({ kind, name }) => kind === 'cab' && name === undefined);

test('each sample of the tutorial comes to what stands below it', async () => {
  const results = samples.map(({ text }) => outcome(text)).values();
  const renewed = page.replace(/(^```cab\n.*?^```\n\n)```text\n.*?^```\n/gms, (_, sample: string) => {
    return `${sample}\`\`\`text\n${results.next().value}\n\`\`\`\n`;
  });
  assert.ok(results.next().done, 'a sample has nothing below it');
  await assertGolden(file, renewed);
});

test('samples and files of the tutorial are laid out in the style that it names', () => {
  const texts = [...samples, ...files.filter(({ kind }) => kind === 'cab')];
  assert.ok(texts.length > 20, `only ${texts.length} samples were found`);
  for (const { text } of texts) {
    assert.deepEqual(format({ name: 'sample', text }), { kind: 'formatted', text });
  }
});

/** What is told of a sample that lies beside the files of the page. */
function outcome(text: string): string {
  const world = new MemoryWorld(
    Object.fromEntries(files.map(({ name, text: content }) => [`/${name}`, content])),
  );
  try {
    const evaluator = new Evaluator(world);
    const place = { root: world.root, path: '/' };
    return evaluator.show(evaluator.evaluateText({ name: './sample.cab', text }, place));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { color: false })).join('\n');
  }
}
