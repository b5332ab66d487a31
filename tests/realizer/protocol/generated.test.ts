import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateProtocol } from '../../../scripts/protocol.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/index.ts';

const generated = fileURLToPath(new URL('../../../src/realizer/protocol/generated', import.meta.url));

function hasCompiler(): boolean {
  try {
    execFileSync('protoc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function filesOf(folder: string): string[] {
  return globSync('**/*.{js,d.ts}', { cwd: folder }).toSorted();
}

const skip = hasCompiler() ? false : "there is no protoc here: it is in Debian's protobuf-compiler";

test('what is generated is what the messages in protocol/ give', { skip }, async (context) => {
  const target = await makeTemporaryFolder();
  context.after(() => removeFolder(target));
  generateProtocol(target);
  assert.deepEqual(filesOf(generated), filesOf(target), "run 'npm run protocol'");
  for (const file of filesOf(target)) {
    const [kept, made] = [generated, target].map((folder) => readFileSync(path.join(folder, file), 'utf8'));
    assert.equal(kept, made, `${file} is not what its messages give: run 'npm run protocol'`);
  }
});
