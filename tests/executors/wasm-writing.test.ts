import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { digestOf } from '../../src/foundation/index.ts';
import { hostLimits } from '../../src/realizer/executors/wasm/limits.ts';
import { BatchPool } from '../../src/realizer/executors/wasm/writing/batch-pool.ts';
import { type PendingBlob, WriteBehind } from '../../src/realizer/executors/wasm/writing/write-behind.ts';
import { WriterThread } from '../../src/realizer/executors/wasm/writing/writer-thread.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { ShellRig } from './support/shell-rig.ts';

const nobody = (): void => undefined;

/** What is behind the first bytes, which are written at once, and how a writer gets them. */
function writingMuch(blobs: ConstructorParameters<typeof WriteBehind>[0], pool: BatchPool): WriteBehind {
  const writing = new WriteBehind(blobs, pool);
  assert.equal(writing.put(Buffer.alloc(hostLimits.writtenAtOnce - 8192)), undefined);
  return writing;
}

function put(writing: WriteBehind, content: Uint8Array): PendingBlob {
  return writing.put(content) ?? assert.fail('it is to be put at once');
}

const contents = Array.from({ length: 3000 }, (_, index) => randomBytes(index % 100 === 0 ? 250_000 : index));

describe('what a program writes behind itself', () => {
  for (const [who, withWriter] of [
    ['a thread of its own', true],
    ['the program, where no such thread comes to it', false],
  ] as const) {
    it(`is written by ${who}`, async () => {
      using place = temporaryStore();
      const { blobs, folder } = place.store;
      const writer = new WriterThread(folder);
      const pool = new BatchPool(withWriter ? (batch) => writer.write(batch) : nobody);
      const writing = writingMuch(blobs, pool);
      const pending = contents.map((content) => {
        const memory = Uint8Array.from(content);
        const blob = put(writing, memory);
        memory.fill(0);
        return blob;
      });
      for (const [index, blob] of pending.entries()) {
        const content = contents[index] as Buffer;
        assert.ok(blob.bytes === undefined || content.equals(blob.bytes));
        assert.deepEqual(blob.reference(), {
          digest: digestOf(content),
          size: content.length,
        });
        assert.ok(content.equals(blobs.read(digestOf(content))));
      }
      await writer.close();
      for await (const finding of place.store.verify()) assert.fail(JSON.stringify(finding));
    });
  }

  it('is not written any more once the program has been given up', () => {
    using place = temporaryStore();
    const { blobs } = place.store;
    const pool = new BatchPool(nobody);
    for (let round = 0; round < 3; round++) {
      const writing = writingMuch(blobs, pool);
      const content = Buffer.from(`round ${round}`);
      const blob = put(writing, content);
      writing.drop();
      assert.equal(blob.size, content.length);
      assert.equal(blobs.has(digestOf(content)), false);
    }
  });

  it('fails with the error that the disk gave, as often as it is asked for', async () => {
    using place = temporaryStore();
    const { blobs, folder } = place.store;
    const writer = new WriterThread(folder);
    const writing = writingMuch(blobs, new BatchPool((batch) => writer.write(batch)));
    const temporary = path.join(folder, 'temporary');
    rmdirSync(temporary);
    const [first] = contents.slice(-1000).map((content) => put(writing, content));
    assert.throws(() => first?.reference(), { code: 'ENOENT' });
    assert.throws(() => first?.reference(), { code: 'ENOENT' });
    mkdirSync(temporary);
    assert.ok(blobs.has(first?.reference().digest ?? assert.fail()));
    await writer.close();
  });

  it('makes the same output, and can be read, changed, linked and removed before', async () => {
    await using shell = await ShellRig.create();
    const names = Array.from({ length: 60 }, (_, index) => `${index}`);
    const commands = [
      'mkdir $out',
      ...names.map((name) => `fill $out/${name} ${100_000 + Number(name)}`),
      'patch $out/50 99999 changed',
      'append $out/51 more',
      'truncate $out/52 5',
      'link $out/53 $out/linked',
      'write $out/54 again',
      'unlink $out/55',
      'read $out/52',
    ];
    const direct = await shell.run(commands);
    const behind = await shell.run(commands, { fix: { kind: 'self' } });
    assert.deepEqual(behind.log, direct.log);
    assert.ok(direct.result.outcome === 'finished' && behind.result.outcome === 'finished');
    assert.equal(behind.result.outputs['out']?.tree, direct.result.outputs['out']?.tree);
  });
});
