import { EXIT_FILES, fail } from './failure.ts';
import { fd_close, fd_pread, fd_read, fd_write, path_open } from './wasi_snapshot_preview1.ts';

/** The working directory, and the directory that is `/`. */
export const WORKING_DIRECTORY: i32 = 3;
export const ROOT_DIRECTORY: i32 = 4;

export const OPEN_EXISTING: i32 = 0;
const OPEN_CREATE: i32 = 1;
const OPEN_DIRECTORY: i32 = 2;
const OPEN_EXCLUSIVE: i32 = 4;

const RIGHT_READ: u64 = 1 << 1;
const RIGHT_WRITE: u64 = 1 << 6;
const RIGHT_READ_DIRECTORY: u64 = 1 << 14;

const vector = memory.data(8, 4);
const result = memory.data(4, 4);

function open(directory: i32, path: usize, length: i32, openFlags: i32, rights: u64): i32 {
  const error = path_open(directory, 0, path, length, openFlags, rights, 0, 0, result);
  return error == 0 ? load<i32>(result) : -1;
}

/** Each answers a descriptor, or -1. */
export function openToRead(directory: i32, path: usize, length: i32): i32 {
  return open(directory, path, length, OPEN_EXISTING, RIGHT_READ);
}

export function openToWrite(directory: i32, path: usize, length: i32, openFlags: i32): i32 {
  return open(directory, path, length, openFlags, RIGHT_WRITE);
}

export function openDirectory(directory: i32, path: usize, length: i32): i32 {
  return open(directory, path, length, OPEN_DIRECTORY, RIGHT_READ_DIRECTORY);
}

export function createFile(directory: i32, path: usize, length: i32): i32 {
  const descriptor = openToWrite(directory, path, length, OPEN_CREATE | OPEN_EXCLUSIVE);
  if (descriptor < 0) fail(EXIT_FILES, 'cannot create the file', path, length);
  return descriptor;
}

/** Writes everything; a write may take only a part. */
export function write(descriptor: i32, bytes: usize, length: usize): void {
  while (length > 0) {
    store<usize>(vector, bytes);
    store<usize>(vector + 4, length);
    const error = fd_write(descriptor, vector, 1, result);
    const written = load<usize>(result);
    if (error != 0 || written == 0 || written > length)
      fail(EXIT_FILES, 'cannot write to a file: error', 0, 0, error);
    bytes += written;
    length -= written;
  }
}

/** Reads at most `length` bytes; answers how many, 0 at the end. */
export function read(descriptor: i32, bytes: usize, length: usize): usize {
  store<usize>(vector, bytes);
  store<usize>(vector + 4, length);
  const error = fd_read(descriptor, vector, 1, result);
  if (error != 0) fail(EXIT_FILES, 'cannot read from a file: error', 0, 0, error);
  return load<usize>(result);
}

/** Reads at most `length` bytes from a place of the file. */
export function readAt(descriptor: i32, bytes: usize, length: usize, offset: u64): usize {
  store<usize>(vector, bytes);
  store<usize>(vector + 4, length);
  const error = fd_pread(descriptor, vector, 1, offset, result);
  if (error != 0) fail(EXIT_FILES, 'cannot read from a file: error', 0, 0, error);
  return load<usize>(result);
}

/** Reads all of these bytes; false if the file ends before. */
export function readWhole(descriptor: i32, bytes: usize, length: usize, offset: u64): bool {
  while (length > 0) {
    const done = readAt(descriptor, bytes, length, offset);
    if (done == 0) return false;
    bytes += done;
    offset += done;
    length -= done;
  }
  return true;
}

export function close(descriptor: i32): void {
  const error = fd_close(descriptor);
  if (error != 0) fail(EXIT_FILES, 'cannot close a file: error', 0, 0, error);
}
