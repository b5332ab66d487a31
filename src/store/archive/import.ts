import { type Digest, type StorePath, digestOf, unreachable } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { ByteSource } from './byte-source.ts';
import { BlobIntake } from './blob-intake.ts';
import { type CheckedParts, checkOutput } from './check-output.ts';
import { decompress } from './compression.ts';
import { DirectoryBatch } from './directory-batch.ts';
import { cannotImport, damaged } from './faults.ts';
import {
  type ArchivedOutput,
  type Counts,
  countNames,
  encodeOutput,
  isAfter,
  limits,
  noCounts,
} from './format.ts';
import { KnownOutputs } from './known-outputs.ts';
import { type ArchiveRecord, readRecords } from './records.ts';

/** What an import needs of the store. */
export interface ImportPlace {
  readonly blobs: Blobs;
  readonly readTree: (digest: Digest) => Directory;
  readonly findEncoding: (digest: Digest) => Uint8Array | undefined;
  /** @throws DiagnosticError CAB5007 where the encoding is not canonical. */
  readonly decode: (digest: Digest, encoding: Uint8Array) => Directory;
  readonly putTrees: (encodings: Iterable<Uint8Array>) => void;
  /** Whether a directory is there; it stays until the import has ended. */
  readonly useTree: (digest: Digest) => boolean;
  /** Which outputs are there; they stay until the import has ended. */
  readonly use: (paths: readonly StorePath[]) => ReadonlySet<StorePath>;
  readonly treeOf: (path: StorePath) => Digest | undefined;
  /** The outputs that the store has. */
  readonly outputs: () => Iterable<StorePath>;
  /** Records outputs at once. */
  readonly commit: (outputs: readonly OutputRecord[]) => void;
}

/**
 * Takes in an archive as it comes. Directories and blobs are put as they are read; outputs are recorded when the whole archive was read
 * and all of it is as it should be, in one transaction. So whatever ends an import, nothing is half there, and another one finds
 * what came before.
 *
 * @throws DiagnosticError CAB5021 to CAB5023 where the archive is not as it should be; nothing is recorded then.
 */
export async function importArchive(
  chunks: AsyncIterable<Uint8Array>,
  place: ImportPlace,
): Promise<readonly ArchivedOutput[]> {
  const source = new ByteSource(decompress(chunks));
  try {
    return await new Import(source, place).run();
  } finally {
    await source.close();
  }
}

class Import {
  readonly #source: ByteSource;
  readonly #place: ImportPlace;
  readonly #batch: DirectoryBatch;
  readonly #counts: Counts = { ...noCounts };
  /** By the tree, since two outputs may differ in nothing but their names. */
  readonly #outputs = new Map<Digest, ArchivedOutput[]>();
  readonly #paths = new Set<StorePath>();
  /** What is to be recorded, or undefined where the store has it. */
  readonly #checked = new Map<StorePath, OutputRecord | undefined>();
  #lastPath: StorePath | undefined;
  #outputBytes = 0;
  /** There once the outputs are known. */
  #parts: CheckedParts | undefined;

  constructor(source: ByteSource, place: ImportPlace) {
    this.#source = source;
    this.#place = place;
    this.#batch = new DirectoryBatch(place);
  }

  async run(): Promise<readonly ArchivedOutput[]> {
    for await (const record of readRecords(this.#source)) await this.#take(record);
    this.#place.commit(this.#toRecord());
    const outputs = [...this.#outputs.values()].flat();
    return outputs.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** An output of the store that one of the archive mentions counts only if it is still there. */
  #toRecord(): readonly OutputRecord[] {
    const records = [...this.#checked.values()].filter((record) => record !== undefined);
    const others = records.flatMap(({ references }) => references).filter((path) => !this.#paths.has(path));
    const there = this.#place.use([...new Set(others)]);
    return records.map((record) => ({
      ...record,
      references: record.references.filter((path) => this.#paths.has(path) || there.has(path)),
    }));
  }

  async #take(record: ArchiveRecord): Promise<void> {
    switch (record.kind) {
      case 'output':
        return this.#output(record.output, record.offset);
      case 'directory':
        return await this.#directory(record.digest, record.encoding, record.offset);
      case 'blob':
        return await this.#blob(record.digest, record.size, record.offset);
      case 'end':
        return this.#end(record.counts, record.isWhole, record.offset);
      default:
        return unreachable(record);
    }
  }

  #output(output: ArchivedOutput, offset: number): void {
    if (this.#parts !== undefined)
      throw damaged(offset, 'an output record stands behind what outputs are made of');
    if (!isAfter(output.path, this.#lastPath)) throw damaged(offset, 'its outputs are not in their order');
    if (++this.#counts.outputs > limits.outputs)
      throw damaged(offset, `it has more than ${limits.outputs} outputs`);
    this.#outputBytes += encodeOutput(output).length;
    if (this.#outputBytes > limits.allOutputBytes)
      throw damaged(offset, `its outputs need more than ${limits.allOutputBytes} bytes`);
    this.#lastPath = output.path;
    this.#paths.add(output.path);
    const others = this.#outputs.get(output.tree);
    if (others === undefined) this.#outputs.set(output.tree, [output]);
    else others.push(output);
  }

  async #directory(digest: Digest, encoding: Uint8Array, offset: number): Promise<void> {
    const { intake } = this.#beginContent();
    this.#counts.directories++;
    if (digestOf(encoding) !== digest)
      throw damaged(offset, `the directory is not the one with the digest ${digest}`);
    const fault = this.#batch.add(digest, encoding, intake);
    if (fault !== undefined) throw damaged(offset, fault);
    const outputs = this.#outputs.get(digest) ?? [];
    if (outputs.length > 0) this.#batch.flush();
    for (const output of outputs) {
      if (!this.#checked.has(output.path)) this.#checked.set(output.path, await this.#check(output));
    }
  }

  /** What the store has stays as it is: its references may be better known than from the content alone. */
  async #check(output: ArchivedOutput): Promise<OutputRecord | undefined> {
    const { treeOf, use } = this.#place;
    if (use([output.path]).has(output.path) && treeOf(output.path) === output.tree) return undefined;
    return await checkOutput(output, this.#beginContent());
  }

  async #blob(digest: Digest, size: number, offset: number): Promise<void> {
    const { intake } = this.#beginContent();
    this.#counts.blobs++;
    this.#counts.bytes += size;
    if ((await intake.take(this.#source, digest, size)) !== digest)
      throw damaged(offset, `the content is not the one with the digest ${digest}`);
  }

  #end(counts: Counts, isWhole: boolean, offset: number): void {
    const wrong = countNames.find((name) => counts[name] !== this.#counts[name]);
    if (wrong !== undefined)
      throw damaged(offset, `it has ${this.#counts[wrong]} ${wrong}, and was written with ${counts[wrong]}`);
    if (!isWhole) throw damaged(offset, 'it does not have the digest that it was written with');
    for (const output of [...this.#outputs.values()].flat()) {
      if (!this.#checked.has(output.path))
        throw cannotImport(output.path, 'the archive does not hold its tree');
    }
  }

  /** The outputs that content may refer to: all of the archive, which are known from here on, and those of the store. */
  #beginContent(): CheckedParts {
    if (this.#parts !== undefined) return this.#parts;
    for (const { path, references } of [...this.#outputs.values()].flat()) {
      const missing = references.find((reference) => !this.#paths.has(reference));
      if (missing !== undefined)
        throw cannotImport(path, `it refers to '${missing}', which the archive does not hold`);
    }
    const known = new KnownOutputs([...this.#place.outputs(), ...this.#paths]);
    const intake = new BlobIntake(this.#place.blobs, known.scanner);
    return (this.#parts = { ...this.#place, known, intake });
  }
}
