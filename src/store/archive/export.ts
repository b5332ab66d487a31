import { type Digest, DigestHasher, type StorePath } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { verifiedChunks } from '../verified-chunks.ts';
import { compress } from './compression.ts';
import { type Content, ContentOrder } from './content-order.ts';
import { cannotExport } from './faults.ts';
import {
  type Counts,
  countNames,
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
  return compress(new Archive(parts).content(), level);
}

class Archive {
  readonly #parts: ExportedParts;
  readonly #order: ContentOrder;
  readonly #hasher = new DigestHasher();
  readonly #counts: Counts = { ...noCounts };

  constructor(parts: ExportedParts) {
    this.#parts = parts;
    this.#order = new ContentOrder(parts.readTree);
  }

  *content(): Generator<Uint8Array> {
    const { outputs, readTree } = this.#parts;
    checkLimits(outputs, readTree);
    yield this.#hashed(header);
    for (const output of outputs) yield* this.#output(output);
    for (const { tree } of outputs) {
      const root = { digest: tree, size: this.#parts.treeEncoding(tree).length };
      for (const content of this.#order.of(root)) yield* this.#content(content);
    }
    yield this.#hashed(Buffer.of(recordTypes.end));
    for (const name of countNames) yield this.#hashed(encodeNumber(this.#counts[name]));
    yield Buffer.from(this.#hasher.digest(), 'hex');
  }

  *#output(output: OutputRecord): Generator<Uint8Array> {
    this.#counts.outputs++;
    const encoding = encodeOutput({ ...output, asked: this.#parts.asked.has(output.path) });
    yield this.#hashed(Buffer.of(recordTypes.output));
    yield this.#hashed(encodeNumber(encoding.length));
    yield this.#hashed(encoding);
  }

  *#content({ kind, digest, size }: Content): Generator<Uint8Array> {
    yield this.#hashed(Buffer.of(recordTypes[kind]));
    yield this.#hashed(Buffer.from(digest, 'hex'));
    yield this.#hashed(encodeNumber(size));
    if (kind === 'directory') {
      this.#counts.directories++;
      yield this.#hashed(this.#parts.treeEncoding(digest));
      return;
    }
    this.#counts.blobs++;
    this.#counts.bytes += size;
    for (const chunk of verifiedChunks(this.#parts.blobs, digest, size)) yield this.#hashed(chunk);
  }

  #hashed(part: Uint8Array): Uint8Array {
    this.#hasher.update(part);
    return part;
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

function encodeNumber(value: number): Uint8Array {
  const bytes = Buffer.alloc(numberBytes);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
