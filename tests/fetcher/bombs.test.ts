import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { serverLimits } from '../../src/realizer/program-limits.ts';
import { bzip2, xz, zstd } from '../support/compressors.ts';
import { FetchRig, type Fetched } from './support/fetch-rig.ts';

const mebibyte = 2 ** 20;
/** What all the bombs come to that are unpacked. */
const size = 40 * mebibyte;

/** A server's, but that less is too much. */
const limits = {
  ...serverLimits,
  files: 16 * mebibyte,
  written: 24 * mebibyte,
  nodes: 2000,
  durationMs: 60_000,
};

/** The header of one entry of a tar archive, whose name may be whatever. */
function tarHeader(name: string, length: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write('0000644\0', 100);
  header.write(`${length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.fill(' ', 148, 156);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const end = Buffer.alloc(1024);
const largeFile = (): Buffer => Buffer.concat([tarHeader('zeros', size), Buffer.alloc(size), end]);

/** A zip archive of one file, whose directory says of its length what it is told to. */
function zipOf(content: Uint8Array, saidLength: number): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const name = Buffer.from('zeros');
  const sizes = Buffer.alloc(16);
  sizes.writeUInt32LE(0, 0);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(saidLength, 8);
  sizes.writeUInt16LE(name.length, 12);
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes]);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), name]);
  const trailer = Buffer.alloc(22);
  trailer.write('PK\x05\x06', 'latin1');
  trailer.writeUInt16LE(1, 8);
  trailer.writeUInt16LE(1, 10);
  trailer.writeUInt32LE(entry.length, 12);
  trailer.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, trailer]);
}

async function fetched(context: TestContext, name: string, archive: Uint8Array): Promise<Fetched> {
  const rig = await FetchRig.create(context, undefined, { limits });
  await rig.addUnpack();
  await mkdir(rig.place('files'), { recursive: true });
  await writeFile(rig.place(`files/${name}`), archive);
  return await rig.http(name);
}

const bombs: readonly (readonly [name: string, make: () => Uint8Array])[] = [
  ['bomb.tar.gz', () => gzipSync(largeFile(), { level: 9 })],
  ['bomb.tar.xz', () => xz(largeFile())],
  ['bomb.tar.bz2', () => bzip2(largeFile())],
  ['bomb.tar.zst', () => zstd(largeFile(), ['-19', '--single-thread'])],
  ['bomb.zip', () => zipOf(Buffer.alloc(size), size)],
  ['lying.zip', () => zipOf(Buffer.alloc(size), 10)],
  [
    'many.tar.gz',
    () =>
      gzipSync(
        Buffer.concat([...Array.from({ length: 5000 }, (_, index) => tarHeader(`f${index}`, 0)), end]),
      ),
  ],
];

for (const [name, make] of bombs) {
  test(`${name} is too much, and its fetcher says so`, { timeout: 60_000 }, async (context) => {
    const archive = make();
    assert.ok(archive.length < mebibyte, `${archive.length} bytes`);
    const startedMs = performance.now();
    const { result, log } = await fetched(context, name, archive);
    assert.ok(result.outcome === 'failed' && result.exitCode !== undefined, JSON.stringify(result));
    assert.match(log.join(' '), /cannot write to a file|cannot create the file|archive is corrupt/);
    context.diagnostic(
      `${archive.length} bytes, ${Math.round(performance.now() - startedMs)} ms: ${log.join(' ')}`,
    );
  });
}
