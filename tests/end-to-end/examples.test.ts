import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { withCab } from '../support/index.ts';
import type { BuildReport } from './scenario.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

test("the README's first example builds, and needs no network", async (context) => {
  const rig = await withCab(context);
  const folder = path.join(examples, 'hello');
  const result = await rig.succeed('build', '--json', '--no-link', folder);
  const [report] = result.json<readonly BuildReport[]>();
  assert.match(report?.outputs['out']?.hash ?? '', /^cab:/);
  assert.equal(rig.server.requests.length, 0);
  assert.ok(!existsSync(path.join(rig.project, 'result')));
});
