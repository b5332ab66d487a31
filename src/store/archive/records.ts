import type { Digest } from '../../foundation/index.ts';
import type { ByteSource } from './byte-source.ts';
import { cutOff, damaged, notAnArchive, unknownVersion } from './faults.ts';
import {
  type ArchivedOutput,
  type Counts,
  countNames,
  decodeOutput,
  digestBytes,
  formatVersion,
  header,
  headerLimit,
  limits,
  numberBytes,
  recordTypes,
  versionOf,
} from './format.ts';

/** One record, and where it begins. The content of a blob has to be read before the next record is asked for. */
export type ArchiveRecord = { readonly offset: number } & (
  | { readonly kind: 'output'; readonly output: ArchivedOutput }
  | { readonly kind: 'directory'; readonly digest: Digest; readonly encoding: Uint8Array }
  | { readonly kind: 'blob'; readonly digest: Digest; readonly size: number }
  | { readonly kind: 'end'; readonly counts: Counts; readonly isWhole: boolean }
);

const newline = '\n'.charCodeAt(0);

/**
 * The records of an archive up to the one that ends it. What they say of themselves is believed only within the limits of the form.
 *
 * @throws DiagnosticError CAB5021 where the archive is damaged or cut off, CAB5022 where it is none, or one of another version.
 */
export async function* readRecords(source: ByteSource): AsyncGenerator<ArchiveRecord> {
  await readHeader(source);
  for (;;) {
    const { offset } = source;
    const record = await readRecord(source, offset);
    yield record;
    if (record.kind === 'end') break;
  }
  if (!(await source.isAtEnd())) throw damaged(source.offset, 'something follows its end record');
}

/** Byte by byte, since the line of another version may be shorter than this one's. */
async function readHeader(source: ByteSource): Promise<void> {
  let line = '';
  while (line.length < headerLimit) {
    if (await source.isAtEnd()) throw line === '' ? notAnArchive() : cutOff(source.offset);
    const [byte = 0] = await source.read(1);
    line += String.fromCharCode(byte);
    if (byte === newline) break;
    if (byte < 0x20 || byte > 0x7e) throw notAnArchive();
  }
  const version = versionOf(line);
  if (version === undefined || !line.endsWith('\n')) throw notAnArchive();
  if (line !== header.toString('latin1')) throw unknownVersion(version, formatVersion);
}

async function readRecord(source: ByteSource, offset: number): Promise<ArchiveRecord> {
  const [type = 0] = await source.read(1);
  switch (type) {
    case recordTypes.output:
      return { kind: 'output', offset, output: await readOutput(source, offset) };
    case recordTypes.directory: {
      const digest = await readDigest(source);
      const length = await readLength(source, limits.directoryBytes, 'a directory');
      return { kind: 'directory', offset, digest, encoding: await source.read(length) };
    }
    case recordTypes.blob: {
      const digest = await readDigest(source);
      return { kind: 'blob', offset, digest, size: await readNumber(source) };
    }
    case recordTypes.end:
      return { kind: 'end', offset, ...(await readEnd(source)) };
    default:
      throw damaged(offset, `no record begins with the byte ${type}`);
  }
}

async function readOutput(source: ByteSource, offset: number): Promise<ArchivedOutput> {
  const length = await readLength(source, limits.outputBytes, 'an output record');
  const output = decodeOutput(await source.read(length));
  if (output === undefined) throw damaged(offset, 'its output record is not in the canonical form');
  return output;
}

async function readEnd(source: ByteSource): Promise<{ counts: Counts; isWhole: boolean }> {
  const counts = {} as Counts;
  for (const name of countNames) counts[name] = await readNumber(source);
  const expected = source.digest();
  return { counts, isWhole: (await readDigest(source)) === expected };
}

async function readDigest(source: ByteSource): Promise<Digest> {
  return Buffer.from(await source.read(digestBytes)).toString('hex') as Digest;
}

async function readLength(source: ByteSource, limit: number, what: string): Promise<number> {
  const { offset } = source;
  const length = await readNumber(source);
  if (length > limit)
    throw damaged(offset, `${what} of ${length} bytes is longer than the ${limit} that one may have`);
  return length;
}

async function readNumber(source: ByteSource): Promise<number> {
  const { offset } = source;
  const bytes = await source.read(numberBytes);
  const value = Buffer.from(bytes.buffer, bytes.byteOffset, numberBytes).readBigUInt64LE();
  if (value > Number.MAX_SAFE_INTEGER) throw damaged(offset, `the number ${value} is out of range`);
  return Number(value);
}
