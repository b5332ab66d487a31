import type { BlobReference, BlobWriter, ContentSource, Store } from '../../store/index.ts';
import type { Sink } from './content-transfer.ts';
import type { TransferMeans } from './transfer-means.ts';

/** The contents of a realizer, as a source for the store of this process. */
export function remoteSource({ content, store }: TransferMeans): ContentSource {
  return {
    async directories(asked) {
      const encodings: Uint8Array[] = [];
      await content.receive(asked, () => memorySink((encoding) => encodings.push(encoding)));
      return encodings;
    },
    async blobs(asked) {
      await content.receive(asked, (reference) => blobSink(store, reference));
    },
  };
}

/** Keeps a content in memory. Whether it is the right one is for whoever takes it. */
function memorySink(take: (content: Uint8Array) => void): Sink {
  const pieces: Uint8Array[] = [];
  return {
    write: (piece) => void pieces.push(Uint8Array.from(piece)),
    finish() {
      take(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces));
      return true;
    },
    abandon: () => undefined,
  };
}

/** Puts a content into the store under the digest that it has. One that is not what was asked for lies there under its own, and harms nobody. */
function blobSink(store: Store, { digest }: BlobReference): Sink {
  const writer: BlobWriter = store.blobs.writer();
  return {
    write: (piece) => writer.write(piece),
    finish: () => writer.finish().digest === digest,
    abandon: () => writer.abort(),
  };
}
