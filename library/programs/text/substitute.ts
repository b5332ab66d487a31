import { equalsText } from '../../../fetcher/text/bytes.ts';
import { path_is_executable } from '../../../fetcher/host/cab.ts';
import { argument, outputPath, textLength } from '../../../fetcher/host/environment.ts';
import { EXIT_FILES, EXIT_LIMIT, EXIT_UNSUPPORTED, EXIT_USAGE, fail } from '../../../fetcher/host/failure.ts';
import {
  ROOT_DIRECTORY,
  close,
  createFile,
  openDirectory,
  openToRead,
  read,
} from '../../../fetcher/host/files.ts';
import { allocate, release } from '../../../fetcher/host/memory.ts';
import {
  fd_readdir,
  path_create_directory,
  path_filestat_get,
  path_readlink,
  path_symlink,
} from '../../../fetcher/host/wasi_snapshot_preview1.ts';
import { writeReplaced } from './template.ts';
import { makeExecutable } from './write.ts';

/** The types of files in preview 1. */
const TYPE_DIRECTORY: u8 = 3;
const TYPE_FILE: u8 = 4;
const TYPE_SYMLINK: u8 = 7;

const PATH_LIMIT: i32 = 4096;
const FILE_LIMIT: u64 = 1 << 29;
const TYPE_IN_STAT: usize = 16;
const SIZE_IN_STAT: usize = 32;

/** A directory entry's head (preview 1, `dirent`): where the next begins, then an inode, a length and a type. */
const ENTRY_HEAD: usize = 24;
const NAME_LENGTH_IN_ENTRY: usize = 16;
const LISTING: i32 = 8192;

const stat = memory.data(64, 8);
const used = memory.data(4, 4);
/** The path that is being read and the one that is being made, each relative to the root. */
const source = memory.data(PATH_LIMIT);
const target = memory.data(PATH_LIMIT);
const link = memory.data(PATH_LIMIT);

/** `substitute <source>`: the output is a copy of the source in which names between marks are replaced. */
export function substituteTree(): void {
  const from = argument(2);
  if (load<u8>(from) != 0x2f) fail(EXIT_USAGE, 'the source is no absolute path:', from, textLength(from));
  const to = outputPath();
  const sourceLength = textLength(from + 1);
  const targetLength = textLength(to);
  if (sourceLength > PATH_LIMIT || targetLength > PATH_LIMIT) fail(EXIT_LIMIT, 'a path is too long');
  memory.copy(source, from + 1, sourceLength);
  memory.copy(target, to, targetLength);
  copyEntry(sourceLength, targetLength);
}

function check(error: i32, doing: string, path: usize, length: i32): void {
  if (error != 0) fail(EXIT_FILES, doing, path, length, error);
}

function copyEntry(sourceLength: i32, targetLength: i32): void {
  check(
    path_filestat_get(ROOT_DIRECTORY, 0, source, sourceLength, stat),
    'cannot look at',
    source,
    sourceLength,
  );
  const type = load<u8>(stat + TYPE_IN_STAT);
  if (type == TYPE_DIRECTORY) copyDirectory(sourceLength, targetLength);
  else if (type == TYPE_FILE) copyFile(sourceLength, targetLength, load<u64>(stat + SIZE_IN_STAT));
  else if (type == TYPE_SYMLINK) copySymlink(sourceLength, targetLength);
  else fail(EXIT_UNSUPPORTED, 'neither file, directory nor link:', source, sourceLength);
}

function copyFile(sourceLength: i32, targetLength: i32, size: u64): void {
  if (size > FILE_LIMIT) fail(EXIT_LIMIT, 'the file is too large:', source, sourceLength);
  const text = allocate(<usize>size);
  const from = openToRead(ROOT_DIRECTORY, source, sourceLength);
  if (from < 0) fail(EXIT_FILES, 'cannot read', source, sourceLength);
  let length: usize = 0;
  while (length < <usize>size) {
    const piece = read(from, text + length, <usize>size - length);
    if (piece == 0) break;
    length += piece;
  }
  close(from);
  const to = createFile(ROOT_DIRECTORY, target, targetLength);
  writeReplaced(to, text, <i32>length);
  close(to);
  release(text, <usize>size);
  if (path_is_executable(ROOT_DIRECTORY, source, sourceLength) == 1) makeExecutable(target, targetLength);
}

function copySymlink(sourceLength: i32, targetLength: i32): void {
  const error = path_readlink(ROOT_DIRECTORY, source, sourceLength, link, PATH_LIMIT, used);
  check(error, 'cannot read the link', source, sourceLength);
  const made = path_symlink(link, load<i32>(used), ROOT_DIRECTORY, target, targetLength);
  check(made, 'cannot make', target, targetLength);
}

function copyDirectory(sourceLength: i32, targetLength: i32): void {
  check(path_create_directory(ROOT_DIRECTORY, target, targetLength), 'cannot make', target, targetLength);
  const directory = openDirectory(ROOT_DIRECTORY, source, sourceLength);
  if (directory < 0) fail(EXIT_FILES, 'cannot read', source, sourceLength);
  const listing = allocate(LISTING);
  let cookie: u64 = 0;
  let more = true;
  while (more) {
    check(fd_readdir(directory, listing, LISTING, cookie, used), 'cannot read', source, sourceLength);
    const end = listing + load<u32>(used);
    let at = listing;
    // An entry cut by the end of the buffer comes again, whole, in the next listing.
    while (at + ENTRY_HEAD <= end) {
      const name = at + ENTRY_HEAD;
      const length = load<i32>(at + NAME_LENGTH_IN_ENTRY);
      if (name + length > end) break;
      cookie = load<u64>(at);
      copyNamed(name, length, sourceLength, targetLength);
      at = name + length;
    }
    more = at > listing && end - listing == LISTING;
  }
  release(listing, LISTING);
  close(directory);
}

function copyNamed(name: usize, length: i32, sourceLength: i32, targetLength: i32): void {
  if (equalsText(name, length, '.') || equalsText(name, length, '..')) return;
  copyEntry(extend(source, sourceLength, name, length), extend(target, targetLength, name, length));
}

/** Appends a name to a path and answers the new length; going back needs only the old one. */
function extend(path: usize, pathLength: i32, name: usize, length: i32): i32 {
  if (pathLength + 1 + length > PATH_LIMIT) fail(EXIT_LIMIT, 'the path is too long:', path, pathLength);
  store<u8>(path + pathLength, 0x2f);
  memory.copy(path + pathLength + 1, name, length);
  return pathLength + 1 + length;
}
