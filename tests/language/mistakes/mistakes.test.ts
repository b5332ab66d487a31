import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { DiagnosticError, renderDiagnostic } from '../../../src/diagnostics/index.ts';
import { Workspace } from '../../../src/workspace/index.ts';
import { assertGolden } from '../../support/index.ts';

/**
 * Each `GROUP/NAME.cab` is a mistake, and `NAME.golden` beside it all that is told of it, as it is rendered without colours. What else it
 * reads lies in the folder `GROUP/NAME`. One mistake is told once: only in the group `several` there are more errors than one.
 */
const root = import.meta.dirname;
const mistakes = globSync('*/*.cab', { cwd: root }).toSorted();

let folder = '';
let workspace: Workspace;

before(async () => {
  folder = await makeTemporaryFolder();
  await cp(root, path.join(folder, 'mistakes'), { recursive: true });
  // Files are called as they are seen from the folder one is in.
  process.chdir(path.join(folder, 'mistakes'));
  workspace = new Workspace({
    environment: { CAB_STORE: path.join(folder, 'store'), CAB_CONFIG: path.join(folder, 'none') },
    emit: () => {},
    signal: new AbortController().signal,
    interruptible: (work) => work(),
  });
});

after(async () => {
  await workspace.close();
  process.chdir(root);
  await removeFolder(folder);
});

/** What is told of a file when all of its value is evaluated. */
async function told(mistake: string): Promise<readonly string[]> {
  const file = path.resolve(mistake);
  const installable = { kind: 'file', text: mistake, file, attributes: [] } as const;
  const mode = { update: 'none', locked: false, offline: true } as const;
  const project = workspace.project(installable, mode, new Map());
  try {
    const value = await project.value(new Map(), []);
    await project.evaluate((evaluator) => evaluator.forceDeep(value));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { color: false }));
  }
  return assert.fail(`${mistake} is no mistake: it evaluates`);
}

for (const mistake of mistakes) {
  test(`what is told of ${mistake}`, async () => {
    const texts = (await told(mistake)).map((text) => text.replaceAll(folder, '/home'));
    await assertGolden(path.join(root, mistake.replace(/\.cab$/, '.golden')), `${texts.join('\n')}\n`);
    if (!mistake.startsWith('several/')) assert.equal(texts.length, 1, texts.join('\n'));
  });
}

test('at least 120 mistakes are told', () => {
  assert.ok(mistakes.length >= 120, `there are ${mistakes.length}`);
});
