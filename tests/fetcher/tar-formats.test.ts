import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { chooseSeed, randomFrom, readTree } from '../support/index.ts';
import { FetchRig, failureOf } from './support/fetch-rig.ts';
import { makeRandomTree } from './support/random-tree.ts';
import { missing, tarWriters } from './support/tar-writers.ts';

const seed = chooseSeed();

for (const { name, program, words } of tarWriters) {
  test(`an archive by ${name}, is read as GNU tar reads it (seed ${seed})`, async (context) => {
    const reason = missing(program);
    if (reason !== false) {
      context.skip(reason);
      return;
    }
    const rig = await FetchRig.create(context);
    const folder = rig.place('tree');
    await mkdir(folder);
    await makeRandomTree(folder, randomFrom(seed));
    // What a format cannot hold is left out with a word and a status.
    const { stdout } = spawnSync(program, words(folder), { maxBuffer: 2 ** 28 });
    await mkdir(rig.place('files'));
    await writeFile(rig.place('files/x'), stdout);
    await mkdir(rig.place('extracted'));
    const extraction = ['-x', '-C', rig.place('extracted'), '-f', rig.place('files/x')];
    const extracted = spawnSync('tar', extraction).status === 0;
    const expected = await readTree(rig.place('extracted'));
    assert.ok(expected.size > 10);
    const fetched = await rig.http('x');
    // What had no room may be what a hard link leads to; then nobody reads the archive to its end.
    if (!extracted) {
      assert.match(failureOf(fetched), /^13: a hard link/);
      return;
    }
    assert.equal(fetched.result.outcome, 'finished', fetched.log.join('\n'));
    assert.deepEqual(fetched.tree, expected);
  });
}
