import { createHash } from 'node:crypto';
import type { StorePath } from '../../../foundation/index.ts';
import type { OutputRecord, Store } from '../../../store/index.ts';
import type { ContentDigest, DigestFunctionName } from '../../protocol/index.ts';
import type { AssetKind } from './asset-derivation.ts';

export type AssetContent =
  | { readonly ok: true; readonly digest: ContentDigest }
  /** Why the output is not what was asked for, as a phrase. */
  | { readonly ok: false; readonly fault: string };

/** The digest of an output that is wanted as a file or as a directory. All that is below it can then be read by the same function. */
export async function contentOf(
  store: Store,
  path: StorePath,
  kind: AssetKind,
  name: DigestFunctionName,
): Promise<AssetContent> {
  const entry = store.lookup(path, '/');
  if (entry === undefined || entry.kind === 'symlink') return { ok: false, fault: 'it is a symbolic link' };
  if (kind === 'blob') {
    if (entry.kind === 'directory') return { ok: false, fault: 'it is a directory, and no file' };
    if (name === 'blake3') return ok({ function: name, hash: entry.digest, size: entry.size });
    const { sha256, size } = await store.sha256Of({ kind: 'file', digest: entry.digest, size: entry.size });
    return ok({ function: name, hash: sha256, size });
  }
  if (entry.kind === 'file') return { ok: false, fault: 'it is a file, and no directory' };
  const { tree } = store.get(path) as OutputRecord;
  if (name === 'blake3') return ok({ function: name, hash: tree, size: store.getTreeEncoding(tree).length });
  const { sha256, size } = await store.sha256Of({ kind: 'directory', digest: tree });
  return ok({ function: name, hash: sha256, size });
}

/** The digest that a file has by the algorithm of another one, such as `sha384-…`. */
export function integrityOf(store: Store, path: StorePath, like: string): string | undefined {
  const entry = store.lookup(path, '/');
  if (entry?.kind !== 'file') return undefined;
  const algorithm = like.slice(0, like.indexOf('-'));
  const hash = createHash(algorithm);
  for (const chunk of store.blobs.chunks(entry.digest)) hash.update(chunk);
  return `${algorithm}-${hash.digest('base64')}`;
}

function ok(digest: ContentDigest): AssetContent {
  return { ok: true, digest };
}
