import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bzip2, xz, zstd, zstdOfStream } from '../../support/compressors.ts';
import { type ContentKind, contentKinds, makeContent } from '../../support/contents.ts';
import { chooseSeed, randomFrom } from '../../support/random.ts';
import { unpack } from '../support/unpack.ts';

type Compress = (content: Uint8Array, options: readonly string[]) => Buffer;

const levels = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `-${first + index}`);

const variants: Readonly<Record<string, readonly [Compress, readonly string[]]>> = {
  xz: [
    xz,
    [
      ...levels(0, 9),
      '-9e',
      '--check=none',
      '--check=crc32',
      '--check=crc64',
      '--check=sha256',
      '--block-size=5000',
      '-T2 --block-size=60000',
      '--x86 --lzma2',
      '--x86=start=4096 --lzma2=preset=1',
      '--delta=dist=1 --lzma2',
      '--delta=dist=256 --x86 --delta=dist=3 --lzma2=preset=0',
      '--lzma2=dict=4KiB,lc=0,lp=4,pb=4',
      '--lzma2=dict=4KiB,lc=4,lp=0,pb=0',
      '--lzma2=preset=1,mode=fast,mf=hc3,nice=2',
      '--lzma2=dict=1536MiB',
    ],
  ],
  bzip2: [bzip2, levels(1, 9)],
  zstd: [
    zstd,
    [
      ...levels(1, 19),
      '--ultra -22',
      '--fast=1',
      '--fast=50',
      '-T2 -B20000',
      '--long=27',
      '--long=31',
      '--no-check',
      '--no-content-size',
      '--no-compress-literals',
      '--compress-literals --fast=3',
      '--zstd=wlog=10,strat=1',
      '--zstd=wlog=10,mml=3,strat=9',
      '--zstd=tlen=4096,strat=7',
    ],
  ],
  'zstd of a stream': [zstdOfStream, ['-3', '--no-check -1', '--ultra -20', '--long=24 -5']],
};

/** On both sides of what formats and buffers have as their limits. */
const edges = [
  0, 1, 2, 3, 4, 5, 31, 32, 255, 256, 1023, 1024, 4096, 65_535, 65_536, 65_537, 131_071, 131_072,
];
const largeEdges = [131_073, 262_143, 262_144, 262_145, 899_999, 900_001, 2_097_151, 2_097_153];

for (const [format, [compress, options]] of Object.entries(variants)) {
  describe(`unpack.wasm, for ${format}`, () => {
    it('unpacks what each option makes of some kinds of content', (t) => {
      const seed = chooseSeed();
      t.diagnostic(`seed ${seed}`);
      const random = randomFrom(seed);
      for (const option of options) {
        for (const kind of someKinds(random)) {
          const content = makeContent(kind, Math.floor(random() ** 2 * 150_000), random);
          check(content, compress(content, option.split(' ')), `${option} ${kind}`);
        }
      }
    });

    it('unpacks contents of lengths around every limit', (t) => {
      const seed = chooseSeed();
      t.diagnostic(`seed ${seed}`);
      const random = randomFrom(seed);
      for (const length of [...edges, ...largeEdges]) {
        const kind = length > 200_000 ? 'mixed' : contentKinds[Math.floor(random() * contentKinds.length)];
        const content = makeContent(kind ?? 'mixed', length, random);
        const option = options[Math.floor(random() * Math.min(5, options.length))] ?? '-1';
        check(content, compress(content, option.split(' ')), `${option} ${kind} ${length}`);
      }
    });

    it('unpacks several of them in a row', (t) => {
      const seed = chooseSeed();
      t.diagnostic(`seed ${seed}`);
      const random = randomFrom(seed);
      const contents = options
        .slice(0, 12)
        .map(() => makeContent('mixed', Math.floor(random() * 30_000), random));
      const packed = contents.map((content, index) =>
        compress(content, (options[index] as string).split(' ')),
      );
      check(Buffer.concat(contents), Buffer.concat(packed), 'in a row');
    });
  });
}

describe('unpack.wasm', () => {
  it('needs no more memory than the window, however long the content', () => {
    const content = makeContent('mixed', 9_000_000, randomFrom(1));
    const cases = [
      xz(content, ['--lzma2=preset=0,dict=4KiB']),
      xz(content, ['--lzma2=preset=0,dict=1MiB']),
      zstd(content, ['--zstd=wlog=10,strat=1']),
      zstd(content, ['--zstd=wlog=20,strat=1', '--no-content-size']),
      bzip2(content),
    ];
    for (const packed of cases) {
      const { memory } = check(content, packed, 'long');
      assert.ok(memory <= 12 << 20, `${memory} bytes of memory`);
    }
  });

  it('takes memory for a large window only as that is filled', () => {
    const content = Buffer.from('short');
    for (const packed of [
      xz(content, ['--lzma2=dict=1536MiB']),
      zstdOfStream(content, ['--long=31', '-5']),
    ]) {
      assert.ok(check(content, packed, 'short').memory <= 8 << 20);
    }
  });

  it('reads back over the whole of a large window', () => {
    const random = randomFrom(2);
    const piece = makeContent('random', 100_000, random);
    const content = Buffer.concat([
      piece,
      Buffer.alloc(30_000_000),
      piece,
      Buffer.alloc(20_000_000, 1),
      piece,
    ]);
    check(content, zstd(content, ['--long=27', '-1']), 'zstd');
    check(content, xz(content, ['--lzma2=preset=0,dict=64MiB']), 'xz');
  });
});

/** Two of the kinds. */
function someKinds(random: () => number): readonly ContentKind[] {
  const first = Math.floor(random() * contentKinds.length);
  return [first, first + 1].map((index) => contentKinds[index % contentKinds.length] ?? 'mixed');
}

function check(content: Buffer, packed: Buffer, what: string): ReturnType<typeof unpack> {
  const result = unpack(packed);
  assert.equal(result.error, '', what);
  assert.equal(result.code, 0, what);
  assert.ok(content.equals(result.output), `${what} (${content.length} bytes) comes out differently`);
  return result;
}
