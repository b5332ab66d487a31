import { textLength } from '../host/environment.ts';
import { EXIT_NO_SUBTREE, fail } from '../host/failure.ts';
import { indexOf } from '../text/bytes.ts';
import { DIRECTORY, Entry, FILE, findEntry } from './entries.ts';
import { makeOutput } from './output.ts';

/** Makes the output of what lies at a path in a tree, which may be empty: a directory or a file. */
export function makeSubtree(root: Entry, path: usize): void {
  const length = textLength(path);
  let entry: Entry | null = root;
  for (let at = 0; at < length;) {
    const nameLength = indexOf(path + at, length - at, 0x2f);
    entry = entry.kind == DIRECTORY ? findEntry(entry, path + at, nameLength) : null;
    if (entry == null) break;
    at += nameLength + 1;
  }
  if (entry == null || (entry.kind != DIRECTORY && entry.kind != FILE)) {
    fail(EXIT_NO_SUBTREE, 'there is no directory or file at', path, length);
  }
  makeOutput(entry as Entry);
}
