import { Code, ConnectError } from '@connectrpc/connect';
import {
  type ContentDigest,
  type Digest,
  type DigestFunctionName,
  type WireDigest,
  contentDigestOf,
  digestFunctionOf,
} from '../../protocol/index.ts';

/** The digest function that a request says. @throws ConnectError where it is not spoken here. */
export function requestedFunction(value: number): DigestFunctionName {
  const name = digestFunctionOf(value);
  if (name !== undefined) return name;
  throw new ConnectError(
    `the digest function ${value} is not known here: SHA256 and BLAKE3 are`,
    Code.InvalidArgument,
  );
}

/** A digest of a request. @throws ConnectError where it is none, or a size is beyond what is taken. */
export function requestedDigest(
  name: DigestFunctionName,
  said: Digest | WireDigest | undefined,
): ContentDigest {
  const digest = said !== undefined && 'size' in said ? { ...said, sizeBytes: BigInt(said.size) } : said;
  const known = contentDigestOf(name, digest);
  if (known !== undefined) return known;
  throw new ConnectError(faultOf(digest), Code.InvalidArgument);
}

function faultOf(digest: Pick<Digest, 'hash' | 'sizeBytes'> | undefined): string {
  if (digest === undefined) return 'a digest is missing in the request';
  const shown = `'${digest.hash.slice(0, 80)}/${digest.sizeBytes}'`;
  return `${shown} is no digest: 64 lower-case hexadecimal digits and a size are`;
}
