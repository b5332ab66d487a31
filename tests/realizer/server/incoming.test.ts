import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { zstdCompressSync } from 'node:zlib';
import { openIncoming } from '../../../src/realizer/server/bulk/incoming.ts';
import { MemoryStore, named } from './support/memory-store.ts';

test('content that comes compressed in very small pieces leaves nothing of each in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const content = randomBytes(30_000);
  const compressed = zstdCompressSync(content);
  const digest = named(content);
  let written = 0;
  const writer = {
    get written() {
      return written;
    },
    write: (piece: Uint8Array) => void (written += piece.length),
    finish: () => Promise.resolve(true),
    abandon: () => undefined,
  };
  const resource = { digest, compressor: 'zstd', instance: '', upload: 'u' } as const;
  const store = Object.assign(new MemoryStore(), { writer: () => writer });
  const incoming = openIncoming(store, resource);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < compressed.length; index++)
    await incoming.write(compressed.subarray(index, index + 1));
  collectGarbage();
  const grownBytes = process.memoryUsage().heapUsed - before;
  assert.ok(grownBytes < 100 * compressed.length, `${grownBytes} bytes of ${compressed.length} pieces`);
  await incoming.finish();
  assert.equal(written, content.length);
});
