import {
  type ContentDigest,
  type Digest,
  type DigestFunction_Value,
  contentDigestOf,
  digestFunctionOf,
} from '../../protocol/index.ts';
import { invalid } from '../execution/action-fault.ts';

/** The digest that a request names. @throws ActionFault where it names none, or by a function that is not spoken here. */
export function requestedDigest(
  request: { readonly digestFunction: DigestFunction_Value },
  digest: Digest | undefined,
): ContentDigest {
  const name = digestFunctionOf(request.digestFunction);
  if (name === undefined) throw invalid('the digest function is not known here: SHA-256 and BLAKE3 are');
  const known = contentDigestOf(name, digest);
  if (known === undefined)
    throw invalid('the digest is none: it has a hash of 64 lower-case hexadecimal digits and a size');
  return known;
}
