import { Content, PATH_LENGTH, pathOf } from './content.ts';
import { claimCabHash } from './directory.ts';
import { ABSENT, DIRECTORY, Entry, FILE, newEntry } from './entries.ts';
import { identifyEntry } from '../git/known.ts';
import { outputPath, textLength } from '../host/environment.ts';
import { path_set_executable } from '../host/cab.ts';
import { EXIT_FILES, EXIT_LIMIT, fail } from '../host/failure.ts';
import { ROOT_DIRECTORY, WORKING_DIRECTORY, close, openDirectory } from '../host/files.ts';
import { appendBytes, lengthSince, mark, rewind } from '../text/text.ts';
import { path_create_directory, path_link, path_symlink } from '../host/wasi_snapshot_preview1.ts';

/** No path in the output may be longer, so that no tree can be so deep that walking it ends in a trap. */
const PATH_LIMIT: i32 = 4096;
let pathLength: i32 = 0;

/** Makes the output from a tree: a directory, or one file. The claim of its Cab hash is the last of all. */
export function makeOutput(entry: Entry): void {
  const path = mark();
  const name = outputPath();
  appendBytes(name, textLength(name));
  writeEntry(entry, ROOT_DIRECTORY, path);
  rewind(path);
  claimCabHash(entry.kind == DIRECTORY ? entry : nameless(entry));
}

/** An output that is one file counts as the directory that has it under the empty name. */
function nameless(file: Entry): Entry {
  const root = newEntry(DIRECTORY, 0, 0);
  file.nameLength = 0;
  file.next = null;
  root.children = file;
  return root;
}

/** Makes an entry at the path that the text has since `path`, in the directory that is open. */
function writeEntry(entry: Entry, directory: i32, path: usize): void {
  const length = lengthSince(path);
  let error: i32;
  if (entry.kind == DIRECTORY && entry.content != null) {
    error = identifyEntry(entry, true, directory, path, length);
  } else if (entry.kind == DIRECTORY) {
    error = path_create_directory(directory, path, length);
    if (error == 0) writeChildren(entry, directory, path);
  } else if (entry.kind == FILE) {
    error = writeFile(entry, directory, path, length);
  } else {
    error = path_symlink(entry.target, entry.targetLength, directory, path, length);
  }
  if (error == 0 && entry.id != 0) error = identifyEntry(entry, false, directory, path, length);
  if (error != 0) fail(EXIT_FILES, 'cannot make in the output:', path, length, error);
}

/** Names its children from an open directory: the host would look up all of a path for each. */
function writeChildren(entry: Entry, parent: i32, path: usize): void {
  const length = lengthSince(path);
  pathLength += length + 1;
  if (pathLength > PATH_LIMIT) fail(EXIT_LIMIT, 'the path is too long:', path, length);
  const directory = openDirectory(parent, path, length);
  const name = mark();
  let child = entry.children;
  while (child != null) {
    if (child.kind != ABSENT) {
      appendBytes(child.name, child.nameLength);
      writeEntry(child, directory, name);
      rewind(name);
    }
    child = child.next;
  }
  close(directory);
  pathLength -= length + 1;
}

function writeFile(entry: Entry, directory: i32, path: usize, length: i32): i32 {
  const scratch = pathOf(entry.content as Content);
  const error = path_link(WORKING_DIRECTORY, 0, scratch, PATH_LENGTH, directory, path, length);
  if (error != 0 || !entry.executable) return error;
  return path_set_executable(directory, path, length, 1);
}
