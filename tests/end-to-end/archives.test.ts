import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bzip2, xz, zstd } from '../support/compressors.ts';
import { makeArchive, withCab } from '../support/index.ts';
import { build, resultTree } from './scenario.ts';

test('archives by xz, bzip2 and zstd are unpacked, and refused where they are cut short', async (context) => {
  const rig = await withCab(context);
  const text = 'some text\n'.repeat(20_000);
  const archive = gunzipSync(await makeArchive({ 'top/a.txt': text }));
  const sha256 = createHash('sha256').update(text).digest('hex');
  const expected = new Map([['a.txt', { kind: 'file', executable: false, sha256 }]]);
  for (const [ending, packed] of Object.entries({
    xz: xz(archive),
    bz2: bzip2(archive),
    zst: zstd(archive),
  })) {
    await rig.serveFiles({ [`x.tar.${ending}`]: packed, [`cut.tar.${ending}`]: packed.subarray(0, -3) });
    const sourceOf = (name: string): string =>
      `{ default = toDerivation <${rig.server.url}/files/${name}.tar.${ending}> }\n`;
    await rig.write({ 'default.cab': sourceOf('x') });
    await build(rig);
    assert.deepEqual(await resultTree(rig), expected, ending);
    await rig.write({ 'default.cab': sourceOf('cut') });
    const { code, stderr } = await rig.cab('build');
    assert.notEqual(code, 0);
    assert.match(stderr, /CAB3205/);
    assert.match(stderr, /the compressed data is truncated/);
  }
});
