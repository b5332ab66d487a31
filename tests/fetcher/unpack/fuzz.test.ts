import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crc32 } from 'node:zlib';
import { bzip2, xz, zstd } from '../../support/compressors.ts';
import { contentKinds, makeContent } from '../../support/contents.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/random.ts';
import { unpack } from '../support/unpack.ts';

const outputLimit = 1 << 24;

/** It may refuse, or find that the memory does not suffice; and a few changes make a content of any length. */
const allowedCodes = [0, 12, 14, 17, -1];

const options = {
  xz: ['-0', '-6', '--check=none', '--x86 --delta --lzma2', '--lzma2=dict=4KiB,lc=4', '--block-size=900'],
  bzip2: ['-1', '-9'],
  zstd: ['-1', '-19', '--fast=9', '--no-check -5', '--ultra -22', '--zstd=wlog=10', '-T2 -B3000'],
};

const seeds: Readonly<Record<string, readonly Buffer[]>> = {
  xz: samples(xz, options.xz),
  bzip2: samples(bzip2, options.bzip2),
  zstd: samples(zstd, options.zstd),
};

function samples(compress: typeof xz, words: readonly string[]): readonly Buffer[] {
  const random = randomFrom(6);
  return words.flatMap((option) =>
    contentKinds.map((kind) =>
      compress(makeContent(kind, Math.floor(random() * 3000), random), option.split(' ')),
    ),
  );
}

for (const [format, whole] of Object.entries(seeds)) {
  it(`unpack.wasm neither traps nor goes on for ever, whatever it is given for ${format}`, (t) => {
    const seed = chooseSeed();
    t.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    const counts = new Map<number, number>();
    for (let run = 0; run < 500 * fuzzFactor(); run++) {
      const input = changed(whole[Math.floor(random() * whole.length)] ?? Buffer.alloc(0), random);
      try {
        const { code, error } = unpack(input, { outputLimit });
        counts.set(code, (counts.get(code) ?? 0) + 1);
        assert.ok(allowedCodes.includes(code), `exit code ${code}`);
        assert.match(error, code > 0 ? /^[^\n]+\n$/ : /^$/);
      } catch (cause) {
        throw new Error(`run ${run}: ${input.toString('base64')}`, { cause });
      }
    }
    t.diagnostic([...counts].map(([code, count]) => `${count} times ${code}`).join(', '));
    assert.ok((counts.get(12) ?? 0) > 100, 'hardly anything was damaged');
  });
}

function changed(whole: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(whole);
  const at = (): number => Math.floor(random() ** (random() < 0.3 ? 4 : 1) * bytes.length);
  for (let left = 1 + Math.floor(random() ** 3 * 8); left > 0; left--) {
    const place = at();
    const kind = random();
    if (kind < 0.4) bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (kind < 0.7)
      bytes[place] = [0, 1, 0x7f, 0x80, 0xff, random() * 256][Math.floor(random() * 6)] ?? 0;
    else if (kind < 0.8) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(at())]);
    else if (kind < 0.9) bytes.copy(bytes, at(), place, place + random() * 64);
    else if (bytes.length >= place + 4) bytes.writeUInt32LE(Math.floor(random() ** 8 * 2 ** 32), place);
  }
  if (random() < 0.7) repairXz(bytes);
  return bytes;
}

/** Makes the checksums of the first headers right again, which would keep all else from being looked at. */
function repairXz(bytes: Buffer): void {
  if (bytes.length < 24 || bytes[0] !== 0xfd) return;
  bytes.writeUInt32LE(crc32(bytes.subarray(6, 8)), 8);
  const length = 4 * ((bytes[12] ?? 0) + 1);
  if (bytes.length >= 12 + length) bytes.writeUInt32LE(crc32(bytes.subarray(12, 8 + length)), 8 + length);
}
