import { type Digest, type StorePath, digestOf } from '../../foundation/index.ts';
import { type OutputRecord, type Store, refersToAllOf } from '../../store/index.ts';
import { type Output, type OutputNode, outputNodeOf, outputRecordOf, toldRootOf } from '../protocol/index.ts';
import type { Connection } from './connection.ts';
import { realizerFailed } from './faults.ts';
import type { SmallContent } from './small-content.ts';
import { TurnBatch } from './turn-batch.ts';

/** An output that a realizer has. */
export interface RemoteOutput extends OutputRecord {
  /** The size of its root directory's encoding, in bytes. */
  readonly treeSize: number;
  /** That encoding, where the realizer has told it. Nobody has hashed it. */
  readonly root?: Uint8Array;
}

/** How many outputs one question is about at most. */
const outputsAtOnce = 1000;

/** How long an output counts as there without being asked for again, in milliseconds: the realizer keeps what was asked for longer. */
const trustMs = 60_000;

/** Of how many outputs it is remembered what they are. */
const rememberedLimit = 100_000;

/** Longer encodings are never of a link alone, whose target no system would take. */
const loneLinkSize = 4200;

/** Encodings up to this length may well be of a lone file, in bytes: of these it is found out before somebody waits for it. */
const loneFileSize = 120;

interface Remembered {
  readonly seenMs: number;
  readonly output: RemoteOutput;
}

/** What is known of the outputs on a realizer. */
export class KnownOutputs {
  readonly #connection: Connection;
  readonly #content: SmallContent;
  readonly #store: Store;
  readonly #remembered = new Map<StorePath, Remembered>();
  readonly #nodes = new Map<Digest, Promise<OutputNode>>();
  readonly #questions = new TurnBatch<StorePath, RemoteOutput | undefined>(outputsAtOnce, (paths) =>
    this.#find(paths),
  );

  constructor(connection: Connection, content: SmallContent, store: Store) {
    this.#connection = connection;
    this.#content = content;
    this.#store = store;
  }

  /** An output, as far as it is there. */
  async get(path: StorePath): Promise<RemoteOutput | undefined> {
    const remembered = this.#remembered.get(path);
    if (remembered !== undefined && performance.now() - remembered.seenMs < trustMs) return remembered.output;
    return await this.#questions.answerTo(path);
  }

  /** Notes what is there, as whoever has just made it knows. */
  learn(outputs: Iterable<RemoteOutput>): void {
    const seenMs = performance.now();
    for (const output of outputs) {
      if (this.#remembered.size >= rememberedLimit) this.#remembered.clear();
      this.#remembered.set(output.path, { seenMs, output });
      // Who is to ask for it hears of the failure.
      if (output.treeSize <= loneFileSize) this.nodeOf(output.path).catch(() => undefined);
    }
  }

  forget(): void {
    this.#remembered.clear();
  }

  /** What an output is as an input of an action; undefined where it is neither there nor here. */
  async nodeOf(path: StorePath): Promise<OutputNode | undefined> {
    const local = this.#store.get(path);
    if (local !== undefined)
      return await this.#node(local.tree, () => this.#store.getTreeEncoding(local.tree));
    const found = await this.get(path);
    if (found === undefined) return undefined;
    const { tree, treeSize, root } = found;
    if (treeSize > loneLinkSize) return { kind: 'directory', digest: tree, size: treeSize };
    return await this.#node(tree, () => this.#read(tree, treeSize, root));
  }

  #node(tree: Digest, read: () => Uint8Array | Promise<Uint8Array>): Promise<OutputNode> {
    const known = this.#nodes.get(tree);
    if (known !== undefined) return known;
    const node = Promise.resolve(read()).then(outputNodeOf);
    if (this.#nodes.size >= rememberedLimit) this.#nodes.clear();
    this.#nodes.set(tree, node);
    node.catch(() => this.#nodes.delete(tree));
    return node;
  }

  async #read(digest: Digest, size: number, told: Uint8Array | undefined): Promise<Uint8Array> {
    if (told !== undefined && digestOf(told) === digest) return told;
    const content = await this.#content.read({ function: 'blake3', hash: digest, size });
    if (content !== undefined && digestOf(content) === digest) return content;
    throw realizerFailed(this.#connection.named, `it has an output, and not its directory ${digest}`);
  }

  async #find(paths: readonly StorePath[]): Promise<readonly (RemoteOutput | undefined)[]> {
    const { outputs } = await this.#connection.call(({ realizer }, options) =>
      realizer.findOutputs({ paths: [...new Set(paths)] }, options),
    );
    const found = outputsIn(outputs, this.#connection);
    const whole = found.filter((output) => this.#isWhole(output));
    const byPath = new Map(whole.map((output) => [output.path, output]));
    this.learn(whole);
    return paths.map((path) => byPath.get(path));
  }

  /** Whether the realizer knows all that an output refers to: if not, it is told when the output is sent again. */
  #isWhole(output: RemoteOutput): boolean {
    const local = this.#store.get(output.path);
    return local === undefined || refersToAllOf(output, local);
  }
}

/** The outputs that a realizer has told of. @throws DiagnosticError CAB4046 where one cannot be. */
export function outputsIn(messages: readonly Output[], { named }: Connection): readonly RemoteOutput[] {
  return messages.map((message) => {
    const record = outputRecordOf(message);
    if (record === undefined) throw realizerFailed(named, 'it described an output that cannot be');
    return { ...record, ...toldRootOf(message) };
  });
}
