import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { cannotOpen, diskFault, errorCode } from './faults.ts';
import { TemporaryPlace } from './temporary.ts';

/** The number of the layout of folders and files, as the file `version` holds it. */
const layoutVersion = '1';

const folders = ['blobs', 'store', 'temporary', 'sessions', 'logs', 'locks'];

/**
 * Makes the folders of a store where they are missing.
 *
 * @throws DiagnosticError CAB5001 where the store cannot be used, CAB5002 where the disk is full.
 */
export function prepareLayout(folder: string): void {
  const version = path.join(folder, 'version');
  try {
    const found = readVersion(version) ?? makeLayout(folder, version);
    if (!/^[1-9][0-9]*$/.test(found)) {
      throw cannotOpen(folder, `its file '${version}' is damaged`, 'remove that file: it is written anew');
    }
    if (found !== layoutVersion) {
      const reason = `it has the format ${JSON.stringify(found)}, and this Cab knows the format ${layoutVersion}`;
      throw cannotOpen(folder, reason, 'use the Cab that made it, or set CAB_STORE to another folder');
    }
    accessSync(path.join(folder, 'temporary'), constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = reasons[errorCode(error) ?? ''];
    if (reason === undefined) throw diskFault(folder, error);
    throw cannotOpen(
      folder,
      reason,
      'make it writable for this user, or set CAB_STORE to another folder',
      error,
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is mounted read-only',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a part of its path is not a folder',
  ENOENT: 'a part of it is missing',
};

function readVersion(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function makeLayout(folder: string, version: string): string {
  for (const name of folders) makeFolder(path.join(folder, name));
  const temporary = new TemporaryPlace(folder).name('version');
  writeFileSync(temporary, `${layoutVersion}\n`);
  renameSync(temporary, version);
  return layoutVersion;
}

/**
 * Makes a folder and those above it where they are missing. Node's own way never ends where a file system has no folders but
 * its own and says so with ENOENT, as `/proc` does.
 */
function makeFolder(folder: string): void {
  try {
    makeOneFolder(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const parent = path.dirname(folder);
    // Where it is there, somebody else may have made it a moment ago.
    if (!existsSync(parent)) makeFolder(parent);
    makeOneFolder(folder);
  }
}

function makeOneFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
