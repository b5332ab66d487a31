import type { Digest } from '../../foundation/index.ts';
import type { BlobReference, OutputReceiver, SentContent, Store } from '../../store/index.ts';
import { type Digest as DigestMessage, contentDigestOf, outputMessageOf } from '../protocol/index.ts';
import type { Source } from './content-transfer.ts';
import { realizerFailed } from './faults.ts';
import type { RemoteOutput } from './known-outputs.ts';
import { type TransferMeans, findOutputs } from './transfer-means.ts';

/** How many outputs one message tells of. */
const outputsAtOnce = 1000;

/** A realizer as one that takes outputs out of the store of this process. */
export function outputReceiver(means: TransferMeans): OutputReceiver {
  const { connection, patience, signal, content, store } = means;
  return {
    async find(paths) {
      const found: RemoteOutput[] = [];
      for (let start = 0; start < paths.length; start += outputsAtOnce) {
        const some = paths.slice(start, start + outputsAtOnce);
        found.push(...(await findOutputs(means, some, { closure: false })));
      }
      return found;
    },
    async missing(contents) {
      const missing = await content.missing(contents);
      return new Set(missing.map(({ digest }) => digest));
    },
    async send(contents) {
      await content.send(contents.map((each) => sourceOf(each, store)));
    },
    async add(outputs) {
      const request = { outputs: outputs.map((output) => outputMessageOf(output, output.treeSize)) };
      const response = await patience.attempt(signal, () =>
        connection.attempt(({ realizer }, options) => realizer.addOutputs(request, options), signal),
      );
      return {
        directories: response.missingDirectories.map(referenceOf),
        blobs: response.missingBlobs.map(referenceOf),
      };
    },
  };

  function referenceOf(digest: DigestMessage): BlobReference {
    const parsed = contentDigestOf('blake3', digest);
    if (parsed === undefined)
      throw realizerFailed(connection.named, 'it says that something is missing which cannot be');
    return { digest: parsed.hash as Digest, size: parsed.size };
  }
}

function sourceOf({ kind, digest, size }: SentContent, store: Store): Source {
  return {
    digest,
    size,
    pieces: (offset) => {
      if (kind === 'directory') return [store.getTreeEncoding(digest).subarray(offset)];
      return offset === 0 ? store.blobs.chunks(digest) : store.blobs.part(digest, offset, size - offset);
    },
  };
}
