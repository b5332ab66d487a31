import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { cabCommand, withCab } from '../support/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The conversation below the heading: what is typed, and what comes. */
function conversation(heading: string): readonly { readonly command: string; readonly answer: string }[] {
  const section = readme.slice(readme.indexOf(`\n## ${heading}\n`));
  const [, text = ''] = /```console\n(.*?)```/s.exec(section) ?? [];
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const end = step.indexOf('\n');
      return { command: step.slice(0, end), answer: step.slice(end + 1) };
    });
}

test('the tools of the language answer as the README shows', async (context) => {
  const rig = await withCab(context);
  const steps = conversation('The language');
  assert.ok(steps.length >= 5, `only ${steps.length} steps were found`);
  const environment = {
    HOME: rig.home,
    CAB_STORE: rig.store,
    PATH: `${path.dirname(cabCommand)}:${process.env['PATH']}`,
  };
  for (const { command, answer } of steps) {
    const { stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: rig.project,
      env: environment,
      encoding: 'utf8',
    });
    assert.equal(stdout + stderr, answer, command);
  }
});

test('what the documents link to is there', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'editors/*/*.md'], {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
  assert.ok(documents.length > 25, `only ${documents.length} documents were found`);
  const broken = documents.flatMap((document) => {
    const text = readFileSync(path.join(root, document), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s:]+)(?:#[^)\s]*)?\)/g)].map(([, target = '']) => target);
    return targets
      .filter((target) => !existsSync(path.join(root, path.dirname(document), target)))
      .map((target) => `${document}: ${target}`);
  });
  assert.deepEqual(broken, []);
});
