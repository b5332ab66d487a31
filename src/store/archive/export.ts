import { type Digest, DigestHasher, type StorePath } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { inPieces } from '../pieces.ts';
import { VerifiedReader } from '../verified-reader.ts';
import { compress } from './compression.ts';
import { type Content, ContentOrder } from './content-order.ts';
import { cannotExport } from './faults.ts';
import {
  type Counts,
  countNames,
  digestBytes,
  encodeOutput,
  header,
  limits,
  noCounts,
  numberBytes,
  recordTypes,
} from './format.ts';
import { measureTree } from './measure.ts';

/** What an archive is made from. */
export interface ExportedParts {
  readonly blobs: Blobs;
  readonly readTree: (digest: Digest) => Directory;
  readonly treeEncoding: (digest: Digest) => Uint8Array;
  /** A closure, sorted by path. */
  readonly outputs: readonly OutputRecord[];
  readonly asked: ReadonlySet<StorePath>;
}

/**
 * The archive of a closure, piece by piece, compressed. The same closure gives the same bytes.
 *
 * @throws DiagnosticError CAB5024 where an output is larger than archives may be, CAB5003 where a blob is damaged.
 */
export function exportArchive(parts: ExportedParts, level: number): AsyncGenerator<Uint8Array> {
  return compress(sealed(new Archive(parts).content()), level);
}

/** The parts in pieces, and behind them the digest of all. */
function* sealed(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  const hasher = new DigestHasher();
  for (const piece of inPieces(parts)) {
    hasher.update(piece);
    yield piece;
  }
  yield Buffer.from(hasher.digest(), 'hex');
}

class Archive {
  readonly #parts: ExportedParts;
  readonly #blobs: VerifiedReader;
  readonly #order: ContentOrder;
  readonly #counts: Counts = { ...noCounts };

  constructor(parts: ExportedParts) {
    this.#parts = parts;
    this.#blobs = new VerifiedReader(parts.blobs);
    this.#order = new ContentOrder(parts.readTree);
  }

  /** All but the digest that ends it; a part holds only until the next one is asked for. */
  *content(): Generator<Uint8Array> {
    const { outputs, readTree } = this.#parts;
    checkLimits(outputs, readTree);
    yield header;
    for (const output of outputs) yield* this.#output(output);
    for (const { tree } of outputs) {
      const root = { digest: tree, size: this.#parts.treeEncoding(tree).length };
      for (const content of this.#order.of(root)) yield* this.#content(content);
    }
    yield Buffer.of(recordTypes.end);
    for (const name of countNames) yield encodeNumber(this.#counts[name]);
  }

  *#output(output: OutputRecord): Generator<Uint8Array> {
    this.#counts.outputs++;
    const encoding = encodeOutput({ ...output, asked: this.#parts.asked.has(output.path) });
    yield Buffer.of(recordTypes.output);
    yield encodeNumber(encoding.length);
    yield encoding;
  }

  *#content({ kind, digest, size }: Content): Generator<Uint8Array> {
    yield contentHeader(recordTypes[kind], digest, size);
    if (kind === 'directory') {
      this.#counts.directories++;
      yield this.#parts.treeEncoding(digest);
      return;
    }
    this.#counts.blobs++;
    this.#counts.bytes += size;
    yield* this.#blobs.chunks(digest, size);
  }
}

/** Before anything is written, so that nobody gets half of an archive that cannot be. */
function checkLimits(outputs: readonly OutputRecord[], readTree: (digest: Digest) => Directory): void {
  let bytes = 0;
  for (const output of outputs) {
    const measure = measureTree(output.tree, readTree);
    if (typeof measure === 'string') throw cannotExport(output.path, measure);
    const { length } = encodeOutput({ ...output, asked: true });
    bytes += length;
    if (length > limits.outputBytes) throw cannotExport(output.path, 'it refers to too many others');
    if (bytes > limits.allOutputBytes) throw cannotExport(output.path, 'too many outputs come with it');
  }
  const [first] = outputs;
  if (first !== undefined && outputs.length > limits.outputs)
    throw cannotExport(first.path, 'too many outputs come with it');
}

function contentHeader(type: number, digest: Digest, size: number): Uint8Array {
  const bytes = Buffer.alloc(1 + digestBytes + numberBytes);
  bytes[0] = type;
  bytes.write(digest, 1, 'hex');
  bytes.writeBigUInt64LE(BigInt(size), 1 + digestBytes);
  return bytes;
}

function encodeNumber(value: number): Uint8Array {
  const bytes = Buffer.alloc(numberBytes);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
