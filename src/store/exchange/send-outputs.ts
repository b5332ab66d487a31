import { type Digest, type StorePath, isTurnOver, nextTurn } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { type ExchangedOutput, type Lacking, refersToAllOf, rootOf } from './exchanged-output.ts';
import { cannotSend } from './faults.ts';
import { type FindingParts, findClosure } from './find-outputs.ts';

/** Content that is to be sent: a blob, or a directory's encoding. */
export type SentContent = BlobReference & { readonly kind: 'blob' | 'directory' };

/** Who takes outputs: another store, by whatever way. */
export interface OutputReceiver {
  /** What it knows of those of the outputs that it has. */
  readonly find: (paths: readonly StorePath[]) => Promise<readonly OutputRecord[]>;
  /** Which of these contents it lacks; the others stay there. */
  readonly missing: (contents: readonly BlobReference[]) => Promise<ReadonlySet<Digest>>;
  /** Sends contents. What they hold is the caller's to read. */
  readonly send: (contents: readonly SentContent[]) => Promise<void>;
  /** Has outputs recorded, or says what is lacking for that. */
  readonly add: (outputs: readonly ExchangedOutput[]) => Promise<Lacking>;
}

export interface SendingParts extends FindingParts {
  readonly readTree: (digest: Digest) => Directory;
}

/** How much is asked for, or sent, at once. */
const atOnce = 1000;
/** How often it may be told that something is lacking which was just sent, or was said to be there. */
const attempts = 8;

/**
 * Sends outputs with all that they refer to, as far as the other side lacks it: whole trees are left out whose roots it has, and so are
 * directories in them. What it has of a directory without what is in it, it tells when it is to record the outputs. Answers those that were not
 * there.
 *
 * @throws DiagnosticError CAB5033 where the other side loses what it is sent, CAB5004 where an output is not in the store.
 */
export async function sendOutputs(
  paths: readonly StorePath[],
  receiver: OutputReceiver,
  parts: SendingParts,
): Promise<readonly ExchangedOutput[]> {
  const closure = await findClosure(paths, parts);
  const found = await receiver.find(closure.map(({ path }) => path));
  const there = new Map(found.map((record) => [record.path, record]));
  const outputs = closure.filter((output) => {
    const record = there.get(output.path);
    return record === undefined || !refersToAllOf(record, output);
  });
  if (outputs.length === 0) return outputs;
  const sending = new Sending(receiver, parts);
  await sending.trees(outputs.map(rootOf));
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const lacking = await receiver.add(outputs);
    if (lacking.directories.length + lacking.blobs.length === 0) return outputs;
    await sending.lacking(lacking);
  }
  throw cannotSend(outputs.map(({ path }) => path));
}

class Sending {
  readonly #receiver: OutputReceiver;
  readonly #parts: SendingParts;
  readonly #met = new Set<Digest>();
  readonly #metBlobs = new Set<Digest>();
  #directories: BlobReference[] = [];
  #blobs: BlobReference[] = [];

  constructor(receiver: OutputReceiver, parts: SendingParts) {
    this.#receiver = receiver;
    this.#parts = parts;
  }

  /** Sends of these trees what the other side does not have. */
  async trees(roots: readonly BlobReference[]): Promise<void> {
    for (const root of roots) this.#meet(root);
    while (this.#directories.length > 0) {
      const asked = this.#directories.splice(-atOnce);
      const missing = await this.#receiver.missing(asked);
      await this.#enter(asked.filter(({ digest }) => missing.has(digest)));
      if (this.#blobs.length >= atOnce) await this.#sendBlobs();
    }
    await this.#sendBlobs();
  }

  /** Sends what the other side says that it lacks, whatever it has said before. */
  async lacking({ directories, blobs }: Lacking): Promise<void> {
    for (const { digest } of directories) this.#met.add(digest);
    await this.#enter(directories);
    await this.trees([]);
    await this.#send('blob', blobs);
  }

  /** Sends directories, and meets what is in them. */
  async #enter(directories: readonly BlobReference[]): Promise<void> {
    for (const { digest } of directories) {
      const { files, directories: children } = this.#parts.readTree(digest);
      for (const child of children) this.#meet(child);
      for (const file of files) {
        if (this.#metBlobs.has(file.digest)) continue;
        this.#metBlobs.add(file.digest);
        this.#blobs.push({ digest: file.digest, size: file.size });
      }
      if (isTurnOver()) await nextTurn();
    }
    await this.#send('directory', directories);
  }

  #meet({ digest, size }: BlobReference): void {
    if (this.#met.has(digest)) return;
    this.#met.add(digest);
    this.#directories.push({ digest, size });
  }

  async #sendBlobs(): Promise<void> {
    const waiting = this.#blobs;
    this.#blobs = [];
    for (let start = 0; start < waiting.length; start += atOnce) {
      const asked = waiting.slice(start, start + atOnce);
      const missing = await this.#receiver.missing(asked);
      await this.#send(
        'blob',
        asked.filter(({ digest }) => missing.has(digest)),
      );
    }
  }

  async #send(kind: SentContent['kind'], contents: readonly BlobReference[]): Promise<void> {
    for (let start = 0; start < contents.length; start += atOnce) {
      const some = contents.slice(start, start + atOnce);
      await this.#receiver.send(some.map(({ digest, size }) => ({ kind, digest, size })));
    }
  }
}
