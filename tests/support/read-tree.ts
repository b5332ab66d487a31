import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What lies at a path of a tree, as far as two trees can be compared: no times and no owners. */
type TreeEntry =
  | { readonly kind: 'file'; readonly executable: boolean; readonly sha256: string }
  | { readonly kind: 'symlink'; readonly target: string };

/** Relative path, with `/`, to entry, in the order of the paths. Folders are known by what they hold. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** Reads the folder, or the single file, that lies at a place; links below it are not followed. */
export async function readTree(place: string): Promise<Tree> {
  const entries = new Map<string, TreeEntry>();
  await readInto(entries, place, '');
  return new Map([...entries].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

async function readInto(entries: Map<string, TreeEntry>, place: string, name: string): Promise<void> {
  const status = await lstat(place);
  if (status.isSymbolicLink()) {
    entries.set(name, { kind: 'symlink', target: await readlink(place) });
    return;
  }
  if (status.isFile()) {
    entries.set(name, {
      kind: 'file',
      executable: (status.mode & 0o100) !== 0,
      sha256: await hashFile(place),
    });
    return;
  }
  for (const child of await readdir(place)) {
    await readInto(entries, path.join(place, child), name === '' ? child : `${name}/${child}`);
  }
}

async function hashFile(place: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(place), hash);
  return hash.digest('hex');
}
