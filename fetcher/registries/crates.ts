import { beginGetBelow, beginRequest } from '../http/request.ts';
import { argument, textLength } from '../host/environment.ts';
import { indexOf, startsWith } from '../text/bytes.ts';
import { append, appendByte, appendBytes, mark, rewind } from '../text/text.ts';
import { documentLength, getDocument } from './document.ts';
import { appendJson, equalsJson, member } from './json.ts';
import {
  appendLetters,
  appendVersion,
  makePackage,
  publishJson,
  readVersion,
  refuseVersion,
  versionText,
  versionTextLength,
} from './package.ts';

/** A crate of a registry with a sparse index: `crates <index> <name> <version> <subtree>` */
export function fetchCrate(): void {
  readVersion(4);
  beginGetBelow();
  appendPrefix(0x20);
  appendByte(0x2f);
  appendName(0x20);
  const checksum = member(findVersion(getDocument()), 'cksum');
  publishJson('sri:sha256-', checksum, 32);
  beginGetBelow();
  append('config.json');
  const template = member(getDocument(), 'dl');
  beginRequest('GET ');
  appendDownload(template, checksum);
  makePackage(1);
}

/** The line of the version: each line is an object. */
function findVersion(lines: usize): usize {
  const end = lines + documentLength();
  while (lines < end) {
    if (equalsJson(member(lines, 'vers'), versionText(), versionTextLength())) return lines;
    lines += indexOf(lines, <i32>(end - lines), 0x0a) + 1;
  }
  refuseVersion();
  return 0;
}

/** Appends the name, its capitals made small by a bit that small letters have. */
function appendName(small: u8): void {
  const name = argument(3);
  appendLetters(name, textLength(name), small, 0);
}

/** The folders in which the index keeps a crate, by the length of its name. */
function appendPrefix(small: u8): void {
  const name = argument(3);
  const length = textLength(name);
  if (length > 3) appendLetters(name, 2, small, 0);
  else appendByte(0x30 + <u8>length);
  if (length < 3) return;
  appendByte(0x2f);
  if (length > 3) appendLetters(name + 2, 2, small, 0);
  else appendLetters(name, 1, small, 0);
}

/** Appends the address of a download, in whose template words in braces stand for parts. */
function appendDownload(template: usize, checksum: usize): void {
  const start = mark();
  appendJson(template);
  let marked = false;
  // What is appended behind the template moves to its place at the end.
  const address = mark();
  for (let at = start; at < address;) {
    const left = <i32>(address - at);
    if (load<u8>(at) != 0x7b) {
      appendByte(load<u8>(at++));
      continue;
    }
    marked = true;
    if (startsWith(at, left, '{crate}')) appendName(0);
    else if (startsWith(at, left, '{version}')) appendVersion();
    else if (startsWith(at, left, '{prefix}')) appendPrefix(0);
    else if (startsWith(at, left, '{lowerprefix}')) appendPrefix(0x20);
    else appendJson(checksum);
    at += indexOf(at, left, 0x7d) + 1;
  }
  if (!marked) {
    appendByte(0x2f);
    appendName(0);
    appendByte(0x2f);
    appendVersion();
    append('/download');
  }
  const end = mark();
  rewind(start);
  appendBytes(address, <i32>(end - address));
}
