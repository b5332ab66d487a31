import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { withCab } from '../support/index.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

test("the README's first example builds, and needs no network", async (context) => {
  const rig = await withCab(context);
  await rig.succeed('build', path.join(examples, 'hello'));
  const greeting = await readFile(path.join(rig.project, 'result', 'greeting.txt'), 'utf8');
  assert.match(greeting, /^Hello, world!\n/);
  assert.equal(rig.server.requests.length, 0);
});
