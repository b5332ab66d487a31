import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type BazelProject, type BazelRun, remotely } from './bazel.ts';

/** The actions of the project: a genrule; an archive and three objects, two programs, and a test that is run. */
const actionsAtLeast = 7;

/** Builds and tests all of the project elsewhere, and looks at what came of it. */
export async function buildElsewhere(project: BazelProject, ...words: string[]): Promise<BazelRun> {
  const first = await project.run('test', ...remotely, ...words, '--noremote_accept_cached', '//...');
  assert.equal(first.code, 0, first.output);
  assert.ok((first.processes.get('remote') ?? 0) >= actionsAtLeast, first.output);
  assert.match(first.output, /^\/\/:twice_test +PASSED/m);
  await assertMade(project);
  return first;
}

/** Has all of it a second time, after everything here was thrown away: nothing is run again. */
export async function buildAgain(project: BazelProject, first: BazelRun, ...words: string[]): Promise<void> {
  const clean = await project.run('clean');
  assert.equal(clean.code, 0, clean.output);
  const second = await project.run('test', ...remotely, ...words, '//...');
  assert.equal(second.code, 0, second.output);
  assert.equal(second.processes.get('remote cache hit'), first.processes.get('remote'), second.output);
  assert.equal(second.processes.get('remote'), undefined, second.output);
  await assertMade(project);
}

async function assertMade(project: BazelProject): Promise<void> {
  assert.equal(await readFile(project.made('shouted.txt'), 'utf8'), 'HELLO FROM A REALIZER\n');
  const { stdout, status } = spawnSync(project.made('main'), { encoding: 'utf8' });
  assert.deepEqual({ stdout, status }, { stdout: '42\n', status: 0 });
}
