import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DerivationId } from '../../../src/derivations/index.ts';
import { type StorePath, digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import { type OutputRecord, type Store, encodeDirectory } from '../../../src/store/index.ts';

/** Bytes that look like nothing, the same in every run. */
export function noise(seed: string, length: number): Buffer {
  const pieces: Buffer[] = [];
  for (let size = 0, index = 0; size < length; size += 32, index++) {
    pieces.push(Buffer.from(digestOf(`${seed} ${index}`), 'hex'));
  }
  return Buffer.concat(pieces).subarray(0, length);
}

/** A small tree with a file of each kind that matters, which has to have something of its own. */
export function writeTree(folder: string, own: string): void {
  mkdirSync(path.join(folder, 'bin', 'deep'), { recursive: true });
  mkdirSync(path.join(folder, 'empty'), { recursive: true });
  writeFileSync(path.join(folder, 'own.txt'), `${own}\n`);
  writeFileSync(path.join(folder, 'shared.txt'), 'the same in all trees\n');
  writeFileSync(path.join(folder, 'bin', 'run'), `#!/bin/sh\necho ${own}\n`);
  chmodSync(path.join(folder, 'bin', 'run'), 0o755);
  writeFileSync(path.join(folder, 'bin', 'deep', 'large'), noise(own, 150_000));
  symlinkSync('../own.txt', path.join(folder, 'bin', 'link'));
}

export function derivationId(seed: string): DerivationId {
  return hashPartOf(digestOf(seed)) as string as DerivationId;
}

export function scratchOf(seed: string): StorePath {
  return storePath(hashPartOf(digestOf(`scratch ${seed}`)), 'output');
}

/** Puts a tree of one text file and answers the output that it makes, not recorded. */
export function putText(
  store: Pick<Store, 'blobs' | 'putTree'>,
  text: string,
  references: readonly StorePath[] = [],
): OutputRecord {
  const file = { name: 'text', ...store.blobs.put(Buffer.from(text)), executable: false };
  const { digest } = store.putTree(encodeDirectory({ files: [file], directories: [], symlinks: [] }));
  return { path: storePath(hashPartOf(digest), 'text'), tree: digest, size: file.size, references };
}
