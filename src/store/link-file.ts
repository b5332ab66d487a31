import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { type Blobs, isUntouched, normalisedTime } from './blobs.ts';
import type { FileNode } from './directory.ts';
import { errorCode } from './faults.ts';

/** Puts a link to a blob at the target, or a copy of it where the file system has no link to give. What is there stays. */
export function linkFile(file: Omit<FileNode, 'name'>, target: string, blobs: Blobs): void {
  try {
    linkSync(blobs.pathOf(file.digest, file.executable), target);
    if (isAsPut(target, file.size)) return;
    rmSync(target);
    blobs.doubt(file.digest, file.executable);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
  }
  // The variant may be missing, or the file system may allow no (further) links to it.
  blobs.withFile(file.digest, file.executable, (blob) => {
    try {
      linkSync(blob, target);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EEXIST') return;
      if (code !== 'EXDEV' && code !== 'EMLINK' && code !== 'EPERM') throw error;
      copyIn(blob, target, file.executable, blobs.temporaryName('copy'));
    }
  });
}

/** Whether nobody has written to a blob, as a link to it shows. */
function isAsPut(link: string, size: number): boolean {
  const status = lstatSync(link);
  return status.size === size && isUntouched(status);
}

function copyIn(blob: string, target: string, executable: boolean, copy: string): void {
  try {
    copyFileSync(blob, copy, constants.COPYFILE_FICLONE);
    chmodSync(copy, executable ? 0o555 : 0o444);
    utimesSync(copy, normalisedTime, normalisedTime);
    renameSync(copy, target);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}
