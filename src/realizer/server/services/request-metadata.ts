import { fromBinary } from '@bufbuild/protobuf';
import { type RequestMetadata, RequestMetadataSchema } from '../../protocol/index.ts';

const header = 'build.bazel.remote.execution.v2.requestmetadata-bin';

/** What a call says of what it is for; undefined where it says nothing that can be read. */
export function requestMetadataOf(headers: Headers): RequestMetadata | undefined {
  const text = headers.get(header);
  if (text === null) return undefined;
  try {
    return fromBinary(RequestMetadataSchema, Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}
