import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  type ContentDigest,
  type DigestFunctionName,
  type Push,
  type PushBlobRequest,
  type PushDirectoryRequest,
  contentDigestOf,
  digestFunctionOf,
  resourceNameOf,
} from '../../protocol/index.ts';
import type { AssetKind } from '../assets/asset-derivation.ts';
import { type PushedAssets, isSecretQualifier } from '../assets/pushed-assets.ts';
import { missingBelow } from '../assets/whole-tree.ts';
import type { ContentStore } from '../content/content-store.ts';
import { checkQualifiers, checkUris, invalid } from './fetch.ts';

export interface PushServiceOptions {
  readonly pushed: PushedAssets;
  readonly content: ContentStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const referencesLimit = 100_000;

type PushRequest = PushBlobRequest | PushDirectoryRequest;

/** Says what an address is to be taken for. What is pushed has to be there, and is believed: who may push is the operator's choice. */
export function pushService(options: PushServiceOptions): ServiceImpl<typeof Push> {
  return {
    async pushBlob(request) {
      await push('blob', request, request.blobDigest, options);
      return {};
    },
    async pushDirectory(request) {
      await push('directory', request, request.rootDirectoryDigest, options);
      return {};
    },
  };
}

async function push(
  kind: AssetKind,
  request: PushRequest,
  messageDigest: PushBlobRequest['blobDigest'],
  { pushed, content, now }: PushServiceOptions,
): Promise<void> {
  checkUris(request.uris);
  const name = digestFunctionOf(request.digestFunction);
  if (name === undefined) throw invalid('this realizer has digests of SHA-256 and BLAKE3 only');
  const digest = contentDigestOf(name, messageDigest);
  if (digest === undefined) throw invalid('the request has no digest, or one that is malformed');
  const { qualifiers } = request;
  checkQualifiers(qualifiers);
  const secret = qualifiers.find(isSecretQualifier);
  if (secret !== undefined)
    throw invalid(`'${secret.name}' is for whoever fetches, and says nothing of what is pushed`);
  const expiresMs = request.expireAt && timestampMs(request.expireAt);
  if (expiresMs !== undefined && expiresMs <= now()) throw invalid('it would have expired already');
  const missing =
    kind === 'blob' ? (await content.missing([digest]))[0] : await missingBelow(content, digest);
  const referred = missing ?? (await content.missing(referencesOf(request, name)))[0];
  if (referred !== undefined)
    throw new ConnectError(
      `${resourceNameOf(referred)} is not there: upload it first`,
      Code.FailedPrecondition,
    );
  const asset = { digest, pushedMs: now(), expiresMs };
  for (const uri of request.uris) pushed.push({ kind, uri, qualifiers }, asset);
}

function referencesOf(request: PushRequest, name: DigestFunctionName): readonly ContentDigest[] {
  const references = [...request.referencesBlobs, ...request.referencesDirectories];
  if (references.length > referencesLimit) throw invalid(`it refers to more than ${referencesLimit} things`);
  const digests = references.map((reference) => contentDigestOf(name, reference));
  if (digests.every((each) => each !== undefined)) return digests;
  throw invalid('the digest of a reference is malformed');
}
