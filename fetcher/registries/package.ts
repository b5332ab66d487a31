import { archiveRoot, keep, stripNames } from '../archive/paths.ts';
import { unpackBody } from '../archive/unpack.ts';
import { sendRequest } from '../http/request.ts';
import { claim } from '../host/claims.ts';
import { EXIT_CORRUPT, EXIT_NO_SUCH_REF, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { argument, lengthOfPin, pin, textLength } from '../host/environment.ts';
import { Entry } from '../output/entries.ts';
import { makeSubtree } from '../output/subtree.ts';
import { beginDigest, checkDigest } from '../stream/digest.ts';
import { closeResponse, requireOk } from '../stream/response.ts';
import { fromHexadecimal } from '../text/bytes.ts';
import { append, appendBase64, appendByte, appendBytes, lengthSince, mark, rewind } from '../text/text.ts';
import { appendJson, equalsJson, isText } from './json.ts';

/** What all registries have in common: a published digest, which is claimed before the package is fetched and compared after. */
const digest = memory.data(64);
let published: usize = 0;
let publishedLength: i32 = 0;

/** Claims what was appended since `start`, such as `sri:sha512-…`: what is fetched then must have this digest. */
export function publish(start: usize): void {
  publishedLength = lengthSince(start) - 4;
  published = keep(start + 4, publishedLength);
  claim(start);
}

/** Publishes a digest that is a text of hexadecimal digits, of so many bytes. */
export function publishHexadecimal(format: string, text: usize, count: i32): void {
  if (!fromHexadecimal(text, digest, count)) noDigest();
  const start = mark();
  append(format);
  appendBase64(digest, count);
  publish(start);
}

/** Publishes a digest that is a text of hexadecimal digits in JSON. */
export function publishJson(format: string, value: usize, count: i32): void {
  const start = mark();
  appendJson(value);
  if (lengthSince(start) != 2 * count) noDigest();
  rewind(start);
  publishHexadecimal(format, start, count);
}

function noDigest(): void {
  fail(EXIT_CORRUPT, 'the registry publishes no digest');
}

/** Sends the request for the package, of the published digest, and makes the output of it without so many names of each path. */
export function makePackage(names: i32): void {
  stripNames(names);
  requireOk(sendRequest());
  unpackArchive();
  makeSubtree(archiveRoot, argument(5));
}

/** Unpacks the answer, which has to be an archive. */
export function unpackArchive(): void {
  if (unpackAnswer() != archiveRoot) fail(EXIT_UNSUPPORTED, 'what came is no archive');
}

/** Unpacks the answer, of the published digest if there is one. */
export function unpackAnswer(): Entry {
  if (published != 0) beginDigest(published, publishedLength);
  const root = unpackBody();
  if (published != 0) checkDigest(published, publishedLength);
  closeResponse();
  return root;
}

/** What follows has this digest, which is appended since `start`, and taken off the text. */
export function expect(start: usize): void {
  publishedLength = lengthSince(start);
  published = keep(start, publishedLength);
  rewind(start);
}

export function publishedDigest(): usize {
  return published;
}

export function publishedDigestLength(): i32 {
  return publishedLength;
}

let version: usize = 0;
let versionLength: i32 = 0;

/** Takes the version of an argument, or the one that it stood for when it was pinned. */
export function readVersion(index: i32): void {
  version = pin('version:');
  versionLength = lengthOfPin();
  if (version != 0) return;
  version = argument(index);
  versionLength = textLength(version);
}

/** Goes over to the version that the wanted one, such as `latest`, stands for now, and claims it. */
export function resolveVersion(value: usize): void {
  if (!isText(value) || equalsJson(value, version, versionLength)) return;
  const start = mark();
  append('version:');
  const text = mark();
  appendJson(value);
  versionLength = lengthSince(text);
  version = keep(text, versionLength);
  claim(start);
}

export function versionText(): usize {
  return version;
}

export function versionTextLength(): i32 {
  return versionLength;
}

export function appendVersion(): void {
  appendBytes(version, versionLength);
}

export function refuseVersion(): void {
  fail(EXIT_NO_SUCH_REF, 'the registry has no such version:', version, versionLength);
}

/** Appends a text; its capitals are given these bits, and this byte before them unless it is 0. */
export function appendLetters(text: usize, length: i32, bits: u8, before: u8): void {
  for (let i = 0; i < length; i++) {
    let byte = load<u8>(text + i);
    if (byte - 0x41 < 26) {
      if (before != 0) appendByte(before);
      byte |= bits;
    }
    appendByte(byte);
  }
}

export function appendArgument(index: i32): void {
  appendBytes(argument(index), textLength(argument(index)));
}
