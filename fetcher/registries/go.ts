import { archiveRoot, keep, stripNames } from '../archive/paths.ts';
import { makeSubtree } from '../output/subtree.ts';
import { hashZipFiles, hashedFiles } from '../archive/zip.ts';
import { HASH_STATE, SHA256, beginHash, endHash, updateHash } from '../hashes/message.ts';
import { claim } from '../host/claims.ts';
import { argument, lengthOfPin, pin, textLength } from '../host/environment.ts';
import { beginGetBelow, sendRequest } from '../http/request.ts';
import { DIRECTORY, directoryDigest, newEntry, sortChildren } from '../output/entries.ts';
import { compareDigests } from '../stream/digest.ts';
import { closeResponse, requireOk, STATUS_OK } from '../stream/response.ts';
import { equal, equalsText, indexOf } from '../text/bytes.ts';
import {
  append,
  appendBase64,
  appendByte,
  appendBytes,
  appendHexadecimal,
  lengthSince,
  mark,
  rewind,
} from '../text/text.ts';
import { documentLength, getDocument, readDocument } from './document.ts';
import { member } from './json.ts';
import {
  appendArgument,
  appendLetters,
  appendVersion,
  readVersion,
  resolveVersion,
  unpackArchive,
  versionText,
  versionTextLength,
} from './package.ts';

/** A module of a Go module proxy: `go <proxy> <module> <version, branch or latest> <subtree>` */
const state = memory.data(HASH_STATE, 8);
const digest = memory.data(32);
let published: usize = 0;
let publishedLength: i32 = 0;

export function fetchGo(): void {
  readVersion(4);
  if (!isVersion(versionText())) askVersion();
  published = pin('h1:');
  publishedLength = lengthOfPin();
  if (published == 0) askChecksum();
  beginVersion('.zip');
  requireOk(sendRequest());
  if (published != 0) claimChecksum();
  hashZipFiles();
  // All lies below `<module>@<version>`.
  let names = 1;
  for (let at = argument(3); load<u8>(at) != 0; at++) if (load<u8>(at) == 0x2f) names++;
  stripNames(names);
  unpackArchive();
  checkFiles();
  makeSubtree(archiveRoot, argument(5));
}

/** Whether it is `v`, then three numbers: other texts are names of branches and the like. */
function isVersion(text: usize): bool {
  let numbers = 0;
  if (load<u8>(text) != 0x76) return false;
  do {
    text++;
    if (load<u8>(text) - 0x30 > 9) return false;
    while (load<u8>(text) - 0x30 <= 9) text++;
  } while (++numbers < 3 && load<u8>(text) == 0x2e);
  return numbers == 3;
}

/** Appends a text in the way of proxies, which may lie on disks that know no capitals: `!` and the small letter. */
function appendEscaped(text: usize, length: i32): void {
  appendLetters(text, length, 0x20, 0x21);
}

function appendModule(): void {
  const name = argument(3);
  appendEscaped(name, textLength(name));
}

/** Begins to ask for the module's version. */
function beginVersion(ending: string): void {
  beginGetBelow();
  appendModule();
  append('/@v/');
  appendEscaped(versionText(), versionTextLength());
  append(ending);
}

function askVersion(): void {
  if (equalsText(versionText(), versionTextLength(), 'latest')) {
    beginGetBelow();
    appendModule();
    append('/@latest');
  } else {
    beginVersion('.info');
  }
  resolveVersion(member(getDocument(), 'Version'));
}

/** Asks the proxy for what the checksum database says; many proxies serve it too. */
function askChecksum(): void {
  beginGetBelow();
  append('sumdb/sum.golang.org/lookup/');
  appendModule();
  appendByte(0x40);
  appendEscaped(versionText(), versionTextLength());
  if (sendRequest() == STATUS_OK) findChecksum(readDocument());
  closeResponse();
}

/** Finds the line `<module> <version> h1:<hash>`. */
function findChecksum(lines: usize): void {
  const start = mark();
  appendArgument(3);
  appendByte(0x20);
  appendVersion();
  append(' h1:');
  const length = lengthSince(start);
  rewind(start);
  const end = lines + documentLength();
  while (lines < end) {
    const lineLength = indexOf(lines, <i32>(end - lines), 0x0a);
    if (lineLength > length && equal(lines, start, length)) {
      published = lines + length;
      publishedLength = lineLength - length;
    }
    lines += lineLength + 1;
  }
}

function claimChecksum(): void {
  const start = mark();
  append('h1:');
  appendBytes(published, publishedLength);
  claim(start);
}

/** Compares or claims the hash of a sorted list of all files, with the hash of each. */
function checkFiles(): void {
  const list = newEntry(DIRECTORY, 0, 0);
  list.children = hashedFiles;
  sortChildren(list);
  beginHash(state, SHA256);
  let file = list.children;
  const start = mark();
  while (file != null) {
    appendHexadecimal(directoryDigest(file), 32);
    append('  ');
    appendBytes(file.name, file.nameLength);
    appendByte(0x0a);
    updateHash(state, start, lengthSince(start));
    rewind(start);
    file = file.next;
  }
  endHash(state, digest);
  appendBase64(digest, 32);
  if (published != 0) compareDigests(start, published, publishedLength);
  publishedLength = lengthSince(start);
  published = keep(start, publishedLength);
  rewind(start);
  claimChecksum();
}
