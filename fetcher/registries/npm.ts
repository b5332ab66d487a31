import { beginGetBelow, beginRequest, sendRequest } from '../http/request.ts';
import { argument } from '../host/environment.ts';
import { indexOf, startsWith } from '../text/bytes.ts';
import { append, appendByte, lengthSince, mark, rewind } from '../text/text.ts';
import { appendHeader, closeResponse, STATUS_OK } from '../stream/response.ts';
import { getDocument, readDocument } from './document.ts';
import { appendJson, isText, member, memberOf } from './json.ts';
import {
  appendVersion,
  makePackage,
  publish,
  publishJson,
  readVersion,
  refuseVersion,
  resolveVersion,
  versionText,
  versionTextLength,
} from './package.ts';

/** A package of an npm registry: `npm <registry> <name> <version or tag> <subtree>` */
export function fetchNpm(): void {
  readVersion(4);
  const manifest = manifestOfVersion();
  resolveVersion(member(manifest, 'version'));
  const dist = member(manifest, 'dist');
  const integrity = member(dist, 'integrity');
  if (isText(integrity)) {
    const start = mark();
    append('sri:');
    appendJson(integrity);
    keepStrongest(start + 4);
    publish(start);
  } else {
    publishJson('sri:sha1-', member(dist, 'shasum'), 20);
  }
  beginRequest('GET ');
  appendJson(member(dist, 'tarball'));
  makePackage(1);
}

/** Of several digests with spaces between them, SHA-512 where it is there. */
function keepStrongest(digests: usize): void {
  let length = lengthSince(digests);
  let at = digests;
  while (length > 0 && !startsWith(at, length, 'sha512-')) {
    at++;
    length--;
  }
  if (length == 0) {
    at = digests;
    length = lengthSince(digests);
  }
  length = indexOf(at, length, 0x20);
  memory.copy(digests, at, length);
  rewind(digests + length);
}

/** Few registries have a document for each version, which is short; all have the one of all versions. */
function manifestOfVersion(): usize {
  beginGetPackage();
  appendByte(0x2f);
  appendVersion();
  if (sendRequest() == STATUS_OK) return readDocument();
  closeResponse();
  beginGetPackage();
  appendHeader('accept: application/vnd.npm.install-v1+json, */*');
  const all = getDocument();
  resolveVersion(memberOf(member(all, 'dist-tags'), versionText(), versionTextLength()));
  const manifest = memberOf(member(all, 'versions'), versionText(), versionTextLength());
  if (manifest == 0) refuseVersion();
  return manifest;
}

/** The slash in the name of a scoped package is part of its name. */
function beginGetPackage(): void {
  beginGetBelow();
  for (let at = argument(3); load<u8>(at) != 0; at++) {
    if (load<u8>(at) == 0x2f) append('%2f');
    else appendByte(load<u8>(at));
  }
}
