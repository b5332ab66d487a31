import { fstatSync, statSync } from 'node:fs';

/** `node:os` knows it too, and takes its time to load. */
const devNull = '/dev/null';

/**
 * Whether standard input (0), standard output (1) or standard error (2) is a terminal. Node's own answer loads all of its streams and sockets;
 * for pipes, files and the null device, which are no terminals, the file system knows as well.
 */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  const status = fstatSync(descriptor);
  if (!status.isCharacterDevice() || status.rdev === statSync(devNull).rdev) return false;
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}
