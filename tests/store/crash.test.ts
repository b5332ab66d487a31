import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseStorePath } from '../../src/foundation/index.ts';
import { Store } from '../../src/store/index.ts';
import { startChild } from './child.ts';
import { listing, temporaryFolder } from './temporary-store.ts';

/** Takes in one tree after the other, puts each on disk, and reports what is done. */
const worker = `
  const fs = await import('node:fs');
  const store = door.Store.open(args[0]);
  for (let round = 0; ; round++) {
    for (let file = 0; file < 20; file++) fs.writeFileSync(args[1] + '/' + file, 'round ' + round + ' file ' + file);
    const output = store.addLocal(args[1], 'tree');
    store.materialise(output);
    fs.writeSync(1, output + '\\n');
  }
`;

test('a process that is killed loses nothing that it reported, and leaves nothing that looks done', async () => {
  for (const rounds of [1, 2, 4, 7]) {
    using folder = temporaryFolder();
    const place = path.join(folder.path, 'store');
    const source = path.join(folder.path, 'source');
    mkdirSync(source);
    const child = startChild(worker, [place, source]);
    const reported: string[] = [];
    for (let round = 0; round < rounds; round++) reported.push(await child.nextLine());
    child.process.kill('SIGKILL');
    await child.ended;
    const store = Store.open(place);
    for (const line of reported) {
      const output = parseStorePath(line);
      assert.ok(output !== undefined && store.has(output));
      assert.equal(listing(store.materialise(output)).length, 20);
    }
    for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
    assert.deepEqual(listing(path.join(place, 'temporary')), []);
    store.close();
  }
});
