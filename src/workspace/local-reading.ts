import {
  type Dirent,
  type Stats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
} from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/index.ts';
import type { EntryKind, TreePath } from '../language/evaluation/index.ts';
import { type FoundKind, failedToRead, leadsOutside, tooLarge, wrongKind } from './path-faults.ts';
import type { LocalRoot } from './roots.ts';

/** A place whose root is a folder of this machine. */
export interface LocalPlace extends TreePath {
  readonly root: LocalRoot;
}

/** The size up to which evaluation reads a file, in bytes: a text of that size still fits into a string. */
const fileLimit = 256 * 1024 ** 2;

/** The content of a regular file. */
export function readLocalFile(place: LocalPlace): Buffer {
  return readLocal(place, (file) => {
    // Opening a FIFO would wait for somebody to write into it.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = fstatSync(descriptor);
      if (!status.isFile()) throw wrongKind(place, 'a file', foundKindOf(status));
      if (status.size > fileLimit) throw tooLarge(place, fileLimit);
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

export function readLocalDirectory(place: LocalPlace): ReadonlyMap<string, EntryKind> {
  const entries = readLocal(place, (folder) => {
    // The system calls it no folder where it means the last name, and no path where it means one before.
    const status = lstatSync(folder);
    if (!status.isDirectory()) throw wrongKind(place, 'a folder', foundKindOf(status));
    return readdirSync(folder, { withFileTypes: true });
  });
  return new Map(entries.map((entry) => [entry.name, kindOf(entry)]));
}

/**
 * What is at the place, or undefined if nothing of its tree is: a link out of the tree leads nowhere, so that the answer
 * does not depend on what else this machine has. The last link is not followed.
 */
export function localEntryKind(place: LocalPlace): EntryKind | undefined {
  const { root, path: inner } = place;
  try {
    const top = realpathSync(root.folder);
    if (inner === '/') return kindOf(lstatSync(top));
    const folder = realpathSync(path.join(root.folder, path.dirname(inner)));
    if (!isWithin(top, folder)) return undefined;
    return kindOf(lstatSync(path.join(folder, path.basename(inner))));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (leadingNowhere.has(code)) return undefined;
    throw failedToRead(place, error as NodeJS.ErrnoException, () => namesBeside(place));
  }
}

/** What the system says where nothing can be at a path. */
const leadingNowhere = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

/** Reads below a local root, and not through a symbolic link out of it. `read` gets a path without links. */
export function readLocal<T>(place: LocalPlace, read: (file: string) => T): T {
  try {
    const top = realpathSync(place.root.folder);
    const file = realpathSync(path.join(top, place.path));
    if (!isWithin(top, file)) throw leadsOutside(place, file);
    return read(file);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw failedToRead(place, error as NodeJS.ErrnoException, () => namesBeside(place));
  }
}

/** The names in the folder that the place would be in; none where there is no such folder in the tree. */
function namesBeside({ root, path: inner }: LocalPlace): readonly string[] {
  try {
    const top = realpathSync(root.folder);
    const folder = realpathSync(path.join(top, path.dirname(inner)));
    return isWithin(top, folder) ? readdirSync(folder).toSorted() : [];
  } catch {
    return [];
  }
}

function isWithin(top: string, file: string): boolean {
  return file === top || file.startsWith(top === '/' ? '/' : `${top}/`);
}

function kindOf(entry: Pick<Dirent, 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isSymbolicLink()) return 'symlink';
  return entry.isDirectory() ? 'directory' : 'file';
}

function foundKindOf(status: Stats): FoundKind {
  if (status.isFIFO()) return 'FIFO';
  if (status.isSocket()) return 'socket';
  return status.isBlockDevice() || status.isCharacterDevice() ? 'device' : kindOf(status);
}
