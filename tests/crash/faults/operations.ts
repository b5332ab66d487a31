/**
 * The functions of `node:fs` that touch the disk, without their endings (`Sync`). What takes an open file is told by its
 * descriptor, everything else by paths.
 */
export const writing: readonly string[] = [
  'appendFile',
  'chmod',
  'chown',
  'copyFile',
  'cp',
  'fchmod',
  'fchown',
  'fdatasync',
  'fsync',
  'ftruncate',
  'futimes',
  'lchown',
  'link',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'write',
  'writeFile',
  'writev',
];

export const reading: readonly string[] = [
  'access',
  'exists',
  'fstat',
  'lstat',
  'opendir',
  'read',
  'readFile',
  'readdir',
  'readlink',
  'readv',
  'realpath',
  'stat',
  'statfs',
];

/** Opening writes where it makes or empties the file. */
export const opening = 'open';

/** What fails where a disk is full. Other operations need no room, or give some back. */
export const needsRoom: ReadonlySet<string> = new Set([
  'appendFile',
  'copyFile',
  'cp',
  'fdatasync',
  'fsync',
  'link',
  'mkdir',
  'mkdtemp',
  'open',
  'rename',
  'symlink',
  'write',
  'writeFile',
  'writev',
  'exec',
  'run',
]);

/** What opens a file, and so what fails where a process has too many open. */
export const opensFile: ReadonlySet<string> = new Set([
  'appendFile',
  'copyFile',
  'cp',
  'open',
  'opendir',
  'readFile',
  'readdir',
  'writeFile',
  'exec',
]);
