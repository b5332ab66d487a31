import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { contentKinds, makeContent } from '../../support/contents.ts';
import { chooseSeed, randomFrom } from '../../support/random.ts';
import { unpack } from '../support/unpack.ts';

/** What Python's own modules make of a content, by the expression that does it. */
const expressions = [
  'bz2.compress(content)',
  'bz2.compress(content, 1) + bz2.compress(content, 9)',
  'lzma.compress(content)',
  'lzma.compress(content, check=lzma.CHECK_SHA256, preset=9 | lzma.PRESET_EXTREME)',
  'lzma.compress(content, check=lzma.CHECK_NONE) + bytes(4) + lzma.compress(content, check=lzma.CHECK_CRC32)',
  'lzma.compress(content, filters=[{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2}])',
  'lzma.compress(content, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 4096, "lc": 1, "lp": 3, "pb": 1}])',
  'lzma.compress(content, filters=[{"id": lzma.FILTER_LZMA2, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC4, "nice_len": 3}])',
];

it("unpack.wasm unpacks what Python's lzma and bz2 write", (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  for (const expression of expressions) {
    const kind = contentKinds[Math.floor(random() * contentKinds.length)] ?? 'mixed';
    const content = makeContent(kind, Math.floor(random() * 100_000), random);
    const program = `import bz2, lzma, sys; content = sys.stdin.buffer.read(); sys.stdout.buffer.write(${expression})`;
    const { stdout, status, stderr } = spawnSync('python3', ['-c', program], { input: content });
    assert.equal(status, 0, stderr.toString());
    const { code, output, error } = unpack(stdout);
    assert.deepEqual([code, error], [0, ''], expression);
    const times = expression.includes(' + ') ? 2 : 1;
    assert.ok(Buffer.concat(Array(times).fill(content)).equals(output), `${expression} ${kind}`);
  }
});
