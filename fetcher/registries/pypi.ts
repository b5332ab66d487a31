import { keep } from '../archive/paths.ts';
import { argument, textLength } from '../host/environment.ts';
import { beginGetBelow, beginRequest } from '../http/request.ts';
import { appendHeader } from '../stream/response.ts';
import { contains, equal, equalsText, indexOf, startsWith } from '../text/bytes.ts';
import { appendByte, appendBytes, lengthSince, mark, rewind } from '../text/text.ts';
import { documentLength, getDocument } from './document.ts';
import { appendJson, firstElement, member, nextElement } from './json.ts';
import {
  makePackage,
  publishHexadecimal,
  readVersion,
  refuseVersion,
  versionText,
  versionTextLength,
} from './package.ts';

/**
 * A Python package of an index with the simple API, as JSON (PEP 691) or as HTML (PEP 503):
 * `pypi <index> <name> <version> <subtree>`. Its source is preferred to a wheel for all platforms.
 */
const NONE: i32 = 0;
const WHEEL: i32 = 1;
const SOURCE: i32 = 2;
/** The form of sources that all packages have now. */
const SOURCE_TAR_GZ: i32 = 3;

const DIGITS: i32 = 64;

let best: i32 = NONE;
let bestAddress: usize = 0;
let bestAddressLength: i32 = 0;
let bestHash: usize = 0;

export function fetchPypi(): void {
  readVersion(4);
  beginGetBelow();
  appendPage();
  appendHeader('accept: application/vnd.pypi.simple.v1+json, text/html;q=0.5');
  const page = getDocument();
  if (load<u8>(page) == 0x7b) readJson(page);
  else readHtml(page);
  if (best == NONE) refuseVersion();
  publishHexadecimal('sri:sha256-', bestHash, DIGITS / 2);
  appendAddress();
  // A wheel has no folder at its top.
  makePackage(best > WHEEL ? 1 : 0);
}

/** Appends the package's page below the index. */
function appendPage(): void {
  appendNormal(argument(3), textLength(argument(3)));
  appendByte(0x2f);
}

/** Appends a name as indexes normalise it: in small letters, with one hyphen for separators that follow each other. */
function appendNormal(name: usize, length: i32): void {
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(name + i);
    if (!isSeparator(byte)) appendByte(byte - 0x41 < 26 ? byte | 0x20 : byte);
    else if (!isSeparator(load<u8>(name + i, 1))) appendByte(0x2d);
  }
}

function isSeparator(byte: u8): bool {
  return byte == 0x2d || byte == 0x2e || byte == 0x5f;
}

/** Begins to ask for the best file, whose address may be relative to the page. */
function appendAddress(): void {
  const index = argument(2);
  if (contains(bestAddress, bestAddressLength, '://')) beginRequest('GET ');
  else if (load<u8>(bestAddress) != 0x2f) {
    beginGetBelow();
    appendPage();
  } else {
    beginRequest('GET ');
    let length = indexOf(index, textLength(index), 0x3a) + 3;
    length += indexOf(index + length, textLength(index + length), 0x2f);
    appendBytes(index, length);
  }
  appendBytes(bestAddress, bestAddressLength);
}

function readJson(page: usize): void {
  for (let file = firstElement(member(page, 'files')); file != 0; file = nextElement(file)) {
    const name = mark();
    appendJson(member(file, 'filename'));
    const rank = rankOf(name, lengthSince(name));
    rewind(name);
    if (rank <= best) continue;
    appendJson(member(member(file, 'hashes'), 'sha256'));
    const address = mark();
    appendJson(member(file, 'url'));
    take(rank, name, <i32>(address - name), address, lengthSince(address));
    rewind(name);
  }
}

/** Reads the links: `<a href="<address>#sha256=<digits>">name</a>` */
function readHtml(page: usize): void {
  const end = page + documentLength();
  for (let at = page; at < end; at++) {
    if (!startsWith(at, 6, 'href="')) continue;
    const start = mark();
    for (at += 6; at < end && load<u8>(at) != 0x22; at++) {
      appendByte(load<u8>(at));
      if (startsWith(at, 5, '&amp;')) at += 4;
    }
    at += indexOf(at, <i32>(end - at), 0x3e) + 1;
    const length = lengthSince(start);
    const hash = indexOf(start, length, 0x23);
    const rank = rankOf(at, indexOf(at, <i32>(end - at), 0x3c));
    if (rank > best && startsWith(start + hash, length - hash, '#sha256=')) {
      take(rank, start + hash + 8, length - hash - 8, start, hash);
    }
    rewind(start);
  }
}

/** Takes a file that is better than those before, if its hash is there. */
function take(rank: i32, hash: usize, hashLength: i32, address: usize, addressLength: i32): void {
  if (hashLength != DIGITS) return;
  best = rank;
  bestHash = keep(hash, hashLength);
  bestAddress = keep(address, addressLength);
  bestAddressLength = addressLength;
}

/** What a file of this name is to us: it must be of the package's name, however that is spelled, and of the version. */
function rankOf(file: usize, length: i32): i32 {
  const versionLength = versionTextLength();
  const wanted = mark();
  appendNormal(argument(3), textLength(argument(3)));
  appendByte(0x2d);
  appendNormal(versionText(), versionLength);
  const name = mark();
  appendNormal(file, length);
  const wantedLength = <i32>(name - wanted);
  const left = lengthSince(name) - wantedLength;
  const rest = file + length - left;
  rewind(wanted);
  if (left < 4 || !equal(name, wanted, wantedLength)) return NONE;
  if (!equal(rest - versionLength, versionText(), versionLength)) return NONE;
  if (equalsText(rest, left, '.tar.gz')) return SOURCE_TAR_GZ;
  if (equalsText(rest, left, '.zip') || equalsText(rest, left, '.tar.bz2')) return SOURCE;
  const isWheel = left > 13 && load<u8>(rest) == 0x2d && equalsText(rest + left - 13, 13, '-none-any.whl');
  return isWheel ? WHEEL : NONE;
}
