import { fromBinary } from '@bufbuild/protobuf';
import {
  type ActionResult,
  type ContentDigest,
  type Digest,
  type DigestFunctionName,
  type Directory,
  DirectorySchema,
  TreeSchema,
  contentDigestOf,
} from '../../protocol/index.ts';
import { type ContentStore, largestDirectory } from '../content/content-store.ts';

/** How many pieces of content one result may name, in the trees that it names too. */
const namedLimit = 2_000_000;

/**
 * What a result names, if all of it is there: files, what the program has said, trees with what they hold, and directories with what is
 * below them. All of it stays for a while.
 */
export async function completeContent(
  result: ActionResult,
  name: DigestFunctionName,
  content: ContentStore,
): Promise<readonly ContentDigest[] | undefined> {
  const named = await namedIn(result, name, content);
  return (await named.missing()).length === 0 ? named.digests : undefined;
}

/** What is missing of what a result names; of what a missing directory may hold nobody can tell. */
export async function missingOf(
  result: ActionResult,
  name: DigestFunctionName,
  content: ContentStore,
): Promise<readonly ContentDigest[]> {
  return await (await namedIn(result, name, content)).missing();
}

async function namedIn(
  result: ActionResult,
  name: DigestFunctionName,
  content: ContentStore,
): Promise<NamedContent> {
  const named = new NamedContent(name, content);
  for (const digest of [result.stdoutDigest, result.stderrDigest]) named.add(digest);
  for (const { digest } of result.outputFiles) named.add(digest);
  for (const { treeDigest, rootDirectoryDigest } of result.outputDirectories) {
    await named.addTree(treeDigest);
    await named.addDirectories(rootDirectoryDigest);
  }
  return named;
}

class NamedContent {
  readonly #function: DigestFunctionName;
  readonly #content: ContentStore;
  readonly #digests = new Map<string, ContentDigest>();

  constructor(name: DigestFunctionName, content: ContentStore) {
    this.#function = name;
    this.#content = content;
  }

  /** Answers what it is, unless it was added before or is none. */
  add(digest: Digest | undefined): ContentDigest | undefined {
    const known = contentDigestOf(this.#function, digest);
    if (known === undefined || this.#digests.has(known.hash)) return undefined;
    this.#digests.set(known.hash, known);
    if (this.#digests.size > namedLimit) throw new RangeError('a result names too much');
    return known;
  }

  async addTree(digest: Digest | undefined): Promise<void> {
    const tree = await this.#read(this.add(digest));
    if (tree === undefined) return;
    const { root, children } = fromBinary(TreeSchema, tree);
    for (const directory of root === undefined ? children : [root, ...children]) this.#addFiles(directory);
  }

  async addDirectories(digest: Digest | undefined): Promise<void> {
    const waiting = [digest];
    while (waiting.length > 0) {
      const bytes = await this.#read(this.add(waiting.pop()));
      if (bytes === undefined) continue;
      const directory = fromBinary(DirectorySchema, bytes);
      this.#addFiles(directory);
      waiting.push(...directory.directories.map((child) => child.digest));
    }
  }

  get digests(): readonly ContentDigest[] {
    return [...this.#digests.values()];
  }

  async missing(): Promise<readonly ContentDigest[]> {
    return await this.#content.missing(this.digests);
  }

  #addFiles({ files }: Directory): void {
    for (const file of files) this.add(file.digest);
  }

  async #read(digest: ContentDigest | undefined): Promise<Uint8Array | undefined> {
    if (digest === undefined) return undefined;
    if (digest.size > largestDirectory) throw new RangeError('a result names a tree that is too large');
    return await this.#content.read(digest);
  }
}
