import { create } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type Digest as OwnDigest, digestOf, sha256Of } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';
import {
  type ContentDigest,
  type Digest,
  type DigestFunctionName,
  DigestSchema,
  messageDigestOf,
} from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';

/** Names what was made by the digests that the client speaks, and makes it content that can be asked for by them. */
export class OutputNames {
  readonly #store: Store;
  readonly #content: ContentStore;
  readonly #function: DigestFunctionName;

  constructor(store: Store, content: ContentStore, name: DigestFunctionName) {
    this.#store = store;
    this.#content = content;
    this.#function = name;
  }

  async file(digest: OwnDigest, size: number): Promise<Digest> {
    if (this.#function === 'blake3') return messageOf({ function: 'blake3', hash: digest, size });
    const { sha256 } = await this.#store.sha256Of({ kind: 'file', digest, size });
    return messageOf({ function: 'sha256', hash: sha256, size });
  }

  /** Content that was made for the result, such as what the program has said. */
  async content(bytes: Uint8Array): Promise<Digest> {
    const digest = this.#digestOf(bytes);
    if (!(await this.#content.put(digest, bytes))) throw new Error('content is not what it was hashed as');
    return messageOf(digest);
  }

  /** A tree as one `Tree` message, and as the digest of its root directory, each where it is wanted. */
  async directory(
    tree: OwnDigest,
    wanted: { readonly withTree: boolean; readonly withRootDirectory: boolean },
  ): Promise<{ readonly treeDigest?: Digest; readonly rootDirectoryDigest?: Digest }> {
    const encodings = await this.#encodings(tree);
    const root = encodings[0] as Uint8Array;
    return {
      ...(wanted.withTree && { treeDigest: await this.content(treeMessage(encodings)) }),
      ...(wanted.withRootDirectory && { rootDirectoryDigest: await this.#directories(root, encodings) }),
    };
  }

  /** Each directory once, the root first. */
  async #encodings(tree: OwnDigest): Promise<readonly Uint8Array[]> {
    const encodings: Uint8Array[] = [];
    if (this.#function === 'sha256') {
      for await (const { encoding } of this.#store.sha256Directories(tree)) encodings.push(encoding);
      return encodings;
    }
    const seen = new Set([tree]);
    for (const digest of seen) {
      encodings.push(this.#store.getTreeEncoding(digest));
      for (const child of this.#store.getTree(digest).directories) seen.add(child.digest);
    }
    return encodings;
  }

  async #directories(root: Uint8Array, encodings: readonly Uint8Array[]): Promise<Digest> {
    // The store has them by its own digests as they are.
    if (this.#function === 'blake3') return messageOf(this.#digestOf(root));
    for (const encoding of encodings) await this.content(encoding);
    return messageOf(this.#digestOf(root));
  }

  #digestOf(bytes: Uint8Array): ContentDigest {
    return this.#function === 'blake3'
      ? { function: 'blake3', hash: digestOf(bytes), size: bytes.length }
      : { function: 'sha256', hash: sha256Of(bytes), size: bytes.length };
  }
}

const treeFields = { root: 1, children: 2 };

/** The message `Tree`, whose parts are encoded already. */
function treeMessage([root, ...children]: readonly Uint8Array[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(treeFields.root, WireType.LengthDelimited).bytes(root as Uint8Array);
  for (const child of children) writer.tag(treeFields.children, WireType.LengthDelimited).bytes(child);
  return writer.finish();
}

function messageOf(digest: ContentDigest): Digest {
  return create(DigestSchema, messageDigestOf(digest));
}
