import type { Digest, StorePath } from '../../src/foundation/index.ts';
import type {
  BlobReference,
  ContentSource,
  ExchangedOutput,
  OutputReceiver,
  SentContent,
  Store,
} from '../../src/store/index.ts';

/** What went from one store to another. */
export interface Traffic {
  asked: number;
  readonly sent: SentContent[];
}

/** The other side of a push, as a server is: all content is uploaded as blobs, and recorded afterwards. */
export function receiverOver(from: Store, to: Store): OutputReceiver & { readonly traffic: Traffic } {
  const traffic: Traffic = { asked: 0, sent: [] };
  return {
    traffic,
    find: (paths) => to.findOutputs(paths),
    missing: async (contents) => {
      traffic.asked += contents.length;
      const digests = contents.map(({ digest }) => digest);
      const trees = to.useTrees(digests);
      return new Set(digests.filter((digest) => !trees.has(digest) && !to.blobs.use(digest)));
    },
    send: async (contents) => {
      for (const content of contents) {
        traffic.sent.push(content);
        to.blobs.put(contentOf(from, content));
      }
    },
    add: (outputs) => to.takeUploadedOutputs(outputs),
  };
}

function contentOf(store: Store, { kind, digest }: SentContent): Uint8Array {
  return kind === 'directory' ? store.getTreeEncoding(digest) : store.blobs.read(digest);
}

/** The other side of a fetch: content is asked for as the taking store comes upon it. */
export function sourceOver(from: Store, to: Store): ContentSource & { readonly traffic: Traffic } {
  const traffic: Traffic = { asked: 0, sent: [] };
  const note = (kind: SentContent['kind'], asked: readonly BlobReference[]): void => {
    traffic.asked++;
    for (const { digest, size } of asked) traffic.sent.push({ kind, digest, size });
  };
  return {
    traffic,
    directories: async (asked) => {
      note('directory', asked);
      return asked.map(({ digest }) => from.getTreeEncoding(digest));
    },
    blobs: async (asked) => {
      note('blob', asked);
      for (const { digest } of asked) to.blobs.put(from.blobs.read(digest));
    },
  };
}

/** What a store says of outputs to another. */
export async function offer(store: Store, paths: readonly StorePath[]): Promise<readonly ExchangedOutput[]> {
  return await store.findClosure(paths);
}

export function digestsOf(contents: readonly BlobReference[]): ReadonlySet<Digest> {
  return new Set(contents.map(({ digest }) => digest));
}
