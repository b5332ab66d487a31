import { type Digest, hashPartLength, parseStorePath, storeFolder } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';

export type FoundProgram =
  { readonly kind: 'program'; readonly digest: Digest } | { readonly kind: 'unfit'; readonly reason: string };

/** Finds the blob that a derivation names as its builder: a store path that is a file, or a path in one. */
export function findProgram(store: Store, builder: string): FoundProgram {
  const slash = builder.indexOf('/', storeFolder.length + 1 + hashPartLength);
  const path = parseStorePath(slash === -1 ? builder : builder.slice(0, slash));
  if (path === undefined) return unfit(builder, 'it is not a path in the store');
  if (!store.has(path)) return unfit(builder, 'the store does not have it');
  const inner = slash === -1 ? '/' : builder.slice(slash);
  const entry = store.lookup(path, inner);
  if (entry === undefined) return unfit(builder, 'there is no such file');
  if (entry.kind === 'directory') return unfit(builder, 'it is a directory');
  if (entry.kind === 'symlink') return unfit(builder, `it is a symbolic link to '${entry.target}'`);
  return { kind: 'program', digest: entry.digest };
}

function unfit(builder: string, reason: string): FoundProgram {
  return { kind: 'unfit', reason: `the builder '${builder}' cannot be run: ${reason}` };
}
