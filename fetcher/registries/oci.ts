import { archiveRoot, beginLayer, keep } from '../archive/paths.ts';
import { makeSubtree } from '../output/subtree.ts';
import { argument, lengthOfPin, pin, textLength } from '../host/environment.ts';
import { EXIT_NO_SUCH_REF, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { beginGetBelow, beginRequest, sendRequest } from '../http/request.ts';
import { appendDigest, beginDigest, compareDigests } from '../stream/digest.ts';
import { appendHeader, closeResponse, headerValue, readHeader, requireOk } from '../stream/response.ts';
import { equal, indexOf, lengthOf, startsWith } from '../text/bytes.ts';
import {
  append,
  appendByte,
  appendBytes,
  appendHexadecimal,
  lengthSince,
  mark,
  rewind,
} from '../text/text.ts';
import { getDocument, readDocument } from './document.ts';
import { appendJson, firstElement, isText, member, nextElement } from './json.ts';
import {
  appendArgument,
  expect,
  publish,
  publishedDigest,
  publishedDigestLength,
  unpackArchive,
} from './package.ts';

/** A container image of a registry (OCI distribution): `oci <registry> <repository> <reference> <platform> <subtree>` */
const STATUS_UNAUTHORISED: i32 = 401;

let token: usize = 0;
let tokenLength: i32 = 0;

export function fetchOci(): void {
  const pinned = pin('oci:');
  const start = mark();
  if (pinned != 0) appendBytes(pinned, lengthOfPin());
  else appendArgument(4);
  expect(start);
  let manifest = getManifest();
  const manifests = member(manifest, 'manifests');
  if (manifests != 0) takeDigestOf(findPlatform(manifests));
  claimManifest();
  if (manifests != 0) manifest = getManifest();
  const layers = member(manifest, 'layers');
  if (layers == 0) fail(EXIT_UNSUPPORTED, 'the manifest is of no kind that is known');
  for (let layer = firstElement(layers); layer != 0; layer = nextElement(layer)) {
    takeDigestOf(layer);
    beginLayer();
    ask('/blobs/');
    unpackArchive();
  }
  makeSubtree(archiveRoot, argument(6));
}

function claimManifest(): void {
  const start = mark();
  append('oci:');
  appendPublished();
  publish(start);
}

function appendPublished(): void {
  appendBytes(publishedDigest(), publishedDigestLength());
}

/** Gets a manifest or an index by its tag or digest, which it must have. From then on the digest is known. */
function getManifest(): usize {
  ask('/manifests/');
  const wanted = mark();
  appendPublished();
  const length = lengthSince(wanted);
  const tagged = indexOf(wanted, length, 0x3a) == length;
  if (tagged) append('sha256:');
  const skipped = tagged ? length : 0;
  beginDigest(wanted + skipped, lengthSince(wanted) - skipped);
  rewind(wanted);
  const document = readDocument();
  appendDigest();
  if (!tagged) compareDigests(wanted, publishedDigest(), length);
  expect(wanted);
  return document;
}

/** Takes the digest that a descriptor names. */
function takeDigestOf(descriptor: usize): void {
  const start = mark();
  appendJson(member(descriptor, 'digest'));
  expect(start);
}

/** The first manifest for the platform `<system>/<architecture>[/<variant>]`. */
function findPlatform(manifests: usize): usize {
  const wanted = argument(5);
  for (let entry = firstElement(manifests); entry != 0; entry = nextElement(entry)) {
    const platform = member(entry, 'platform');
    const start = mark();
    appendJson(member(platform, 'os'));
    appendByte(0x2f);
    appendJson(member(platform, 'architecture'));
    const shorter = lengthSince(start);
    appendByte(0x2f);
    appendJson(member(platform, 'variant'));
    const longer = lengthSince(start);
    rewind(start);
    const length = textLength(wanted);
    if ((length == shorter || length == longer) && equal(start, wanted, length)) return entry;
  }
  fail(EXIT_NO_SUCH_REF, 'the image is not for the platform', wanted, textLength(wanted));
  return 0;
}

/** Asks for something of the repository; where a token is wanted, with one. */
function ask(kind: string): void {
  let status = askOnce(kind);
  if (status == STATUS_UNAUTHORISED && getToken()) status = askOnce(kind);
  requireOk(status);
}

function askOnce(kind: string): i32 {
  beginGetBelow();
  append('v2/');
  appendArgument(3);
  append(kind);
  appendPublished();
  appendHeader(
    'accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, */*',
  );
  if (token != 0) {
    appendHeader('authorization: Bearer ');
    appendBytes(token, tokenLength);
  }
  return sendRequest();
}

/** Gets the token that the answer's challenge, `Bearer realm="…",service="…",scope="…"`, says where to get; false if it does not. */
function getToken(): bool {
  const length = readHeader('www-authenticate');
  const challenge = headerValue();
  if (!startsWith(challenge, length, 'Bearer ')) return false;
  closeResponse();
  beginRequest('GET ');
  const start = mark();
  appendParameter(challenge, length, 'realm=');
  // An address may have a query of its own.
  appendByte(indexOf(start, lengthSince(start), 0x3f) == lengthSince(start) ? 0x3f : 0x26);
  append('service=');
  appendParameter(challenge, length, 'service=');
  append('&scope=');
  appendParameter(challenge, length, 'scope=');
  const answer = getDocument();
  let value = member(answer, 'token');
  if (!isText(value)) value = member(answer, 'access_token');
  const text = mark();
  appendJson(value);
  tokenLength = lengthSince(text);
  token = keep(text, tokenLength);
  rewind(text);
  return true;
}

/** Appends the value of a parameter of the challenge, fit for an address. */
function appendParameter(challenge: usize, length: i32, name: string): void {
  const end = challenge + length;
  while (challenge < end && !startsWith(challenge, <i32>(end - challenge), name)) challenge++;
  challenge += lengthOf(name) + 1;
  for (; challenge < end && load<u8>(challenge) != 0x22; challenge++) {
    const byte = load<u8>(challenge);
    if (byte > 0x20 && byte != 0x26 && byte != 0x23 && byte != 0x2b) {
      appendByte(byte);
      continue;
    }
    appendByte(0x25);
    appendHexadecimal(challenge, 1);
  }
}
