import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bzip2, xz, zstd } from '../../support/compressors.ts';
import { makeContent } from '../../support/contents.ts';
import { chooseSeed, randomFrom } from '../../support/random.ts';
import { unpack } from '../support/unpack.ts';

const content = makeContent('mixed', 40_000, randomFrom(3));

/** One of each kind whose content is under a check. */
const packed: Readonly<Record<string, Buffer>> = {
  xz: xz(content, ['-6']),
  'xz in blocks with filters': xz(content, [
    '-T2',
    '--block-size=9000',
    '--x86',
    '--delta',
    '--lzma2',
    '-C',
    'sha256',
  ]),
  bzip2: bzip2(content, ['-1']),
  zstd: zstd(content, ['-19']),
  'zstd with plain literals': zstd(content, ['--fast=5']),
};

const truncated = /^the compressed data is truncated\n$/;
const corrupt = /^12 the (compressed data is (corrupt|truncated)|content differs from its check)\n$/;

describe('unpack.wasm refuses', () => {
  for (const [name, whole] of Object.entries(packed)) {
    it(`what ends early, wherever that is (${name})`, () => {
      const step = Math.max(1, Math.floor(whole.length / 250));
      for (let length = 6; length < whole.length; length += length < 40 ? 1 : step) {
        const { code, error } = unpack(whole.subarray(0, length));
        assert.equal(code, 12, `cut at ${length}`);
        assert.match(error, truncated, `cut at ${length}`);
      }
      for (let left = 1; left < 40; left++) {
        assert.equal(unpack(whole.subarray(0, whole.length - left)).code, 12, `${left} bytes lacking`);
      }
    });

    it(`one changed bit, or unpacks what was meant (${name})`, (t) => {
      const seed = chooseSeed();
      t.diagnostic(`seed ${seed}`);
      const random = randomFrom(seed);
      const ends = Array.from({ length: 20 * 8 }, (_, bit) => [bit, whole.length * 8 - 1 - bit]).flat();
      const others = Array.from({ length: 250 }, () => Math.floor(random() * whole.length * 8));
      for (const bit of [...ends, ...others]) {
        const changed = Buffer.from(whole);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        const { code, output, error } = unpack(changed);
        if (code === 0) assert.ok(content.equals(output), `bit ${bit} is not noticed`);
        else if (code === 14) assert.match(error, /^.* (not supported.*|made|none of xz, bzip2 and zstd)\n$/);
        else assert.match(`${code} ${error}`, corrupt, `bit ${bit}`);
      }
    });

    it(`what follows and is nothing of its kind (${name})`, () => {
      const { code, output } = unpack(Buffer.concat([whole, Buffer.from('more')]));
      assert.equal(code, 12);
      assert.ok(content.equals(output));
    });
  }

  it('what is compressed by nothing that it knows', () => {
    for (const text of ['', 'x', 'BZ', 'plain text', '\x1f\x8b\x08\0']) {
      const { code, error } = unpack(Buffer.from(text, 'latin1'));
      assert.equal(code, 14);
      assert.equal(error, 'the data is compressed by none of xz, bzip2 and zstd\n');
    }
  });

  it('what needs something that it does not have, with the reason', () => {
    const arm = unpack(xz(content, ['--arm', '--lzma2']));
    assert.deepEqual([arm.code, arm.error], [14, 'the xz data has a filter that is not supported: 7\n']);
    const frame = Buffer.from('28b52ffd2101020501000000', 'hex');
    const dictionary = unpack(frame);
    assert.deepEqual(
      [dictionary.code, dictionary.error],
      [14, 'the zstd data needs a dictionary, which is not supported\n'],
    );
    const old = bzip2(Buffer.from('x'));
    old[14] = (old[14] as number) | 0x80;
    assert.equal(unpack(old).code, 14);
  });

  it('an index that says something else than the blocks', () => {
    const one = xz(makeContent('random', 8000, randomFrom(4)), ['--block-size=4000']);
    const other = xz(makeContent('random', 8000, randomFrom(4)), ['--block-size=4000', '--check=none']);
    const mixed = Buffer.concat([
      one.subarray(0, blocksEnd(one)),
      other.subarray(blocksEnd(other), -12),
      one.subarray(-12),
    ]);
    assert.equal(unpack(one).code, 0);
    assert.deepEqual(unpack(mixed).code, 12);
  });
});

describe('unpack.wasm takes', () => {
  it('padding between and behind xz streams, four zeros at a time', () => {
    const parts = [packed['xz'] as Buffer, Buffer.alloc(8), packed['xz'] as Buffer, Buffer.alloc(4)];
    assert.ok(Buffer.concat([content, content]).equals(unpack(Buffer.concat(parts)).output));
    assert.equal(unpack(Buffer.concat([packed['xz'] as Buffer, Buffer.alloc(3)])).code, 12);
  });

  it('zstd frames that are to be skipped, before, between and behind others', () => {
    const skippable = Buffer.concat([Buffer.from('5a2a4d18a0860100', 'hex'), Buffer.alloc(100_000, 7)]);
    const frame = packed['zstd'] as Buffer;
    const { code, output } = unpack(Buffer.concat([skippable, frame, skippable, frame, skippable]));
    assert.equal(code, 0);
    assert.ok(Buffer.concat([content, content]).equals(output));
  });

  it('input in pieces of whatever length', () => {
    for (const whole of Object.values(packed)) {
      for (const readLength of [1, 3, 1000]) assert.ok(content.equals(unpack(whole, { readLength }).output));
    }
  });
});

/** Where the index of a stream begins. */
function blocksEnd(stream: Buffer): number {
  return stream.length - 12 - 4 * (stream.readUInt32LE(stream.length - 8) + 1);
}
