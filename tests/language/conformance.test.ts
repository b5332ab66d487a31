import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { assertGolden, updatesGoldens } from '../support/golden.ts';
import { type Case, chaptersOf, expectationFile, suiteFolder } from './conformance-runner/cases.ts';
import { readmeFile, renderReadme } from './conformance-runner/readme.ts';
import { type Outcome, runCase } from './conformance-runner/run-case.ts';

const kinds = ['value', 'error', 'trace'] as const;
const chapters = chaptersOf(suiteFolder);

/** These need the stack that the command has. */
const onlyByCommand = new Set(['deep-recursion']);

for (const [chapter, cases] of chapters) {
  if (onlyByCommand.has(chapter)) continue;
  test(`${chapter}: what the language says comes true in ${cases.length} cases`, async () => {
    const wrong: string[] = [];
    for (const each of cases) {
      try {
        const kept = new Map<string, Uint8Array>();
        await compare(each, runCase(each, kept));
        // And once more from the syntax that was kept of its files.
        if (kept.size > 0) await compare(each, runCase(each, kept));
      } catch (error) {
        wrong.push(`${each.name} (${each.rule})\n${String(error)}`);
      }
    }
    assert.equal(wrong.length, 0, `${wrong.length} cases go wrong:\n\n${wrong.join('\n\n')}`);
  });
}

async function compare(each: Case, outcome: Outcome): Promise<void> {
  for (const kind of kinds) {
    const file = expectationFile(each, `.${kind}`);
    const actual = outcome[kind];
    if (updatesGoldens && actual === undefined) rmSync(file, { force: true });
    else if (updatesGoldens) await assertGolden(file, actual as string);
    else assert.equal(actual, existsSync(file) ? readFileSync(file, 'utf8') : undefined, kind);
  }
}

test('each case says in one sentence what it holds, and no two say the same', () => {
  const rules = new Map<string, string>();
  for (const { chapter, name, rule } of [...chapters.values()].flat()) {
    assert.match(rule, /^[^a-z].*\.$/u, `${chapter}/${name}: a rule is a sentence`);
    assert.equal(rules.get(rule), undefined, `${chapter}/${name}`);
    rules.set(rule, `${chapter}/${name}`);
  }
  assert.ok(rules.size >= 400);
});

test('the README lists all rules', async () => {
  await assertGolden(readmeFile, await renderReadme(chapters));
});
