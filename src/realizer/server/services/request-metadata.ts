import { fromBinary } from '@bufbuild/protobuf';
import { type RequestMetadata, RequestMetadataSchema } from '../../protocol/index.ts';
import type { RawCall } from '../transport/raw-call.ts';

const header = 'build.bazel.remote.execution.v2.requestmetadata-bin';

/** What a call says of what it is for; undefined where it says nothing that can be read. */
export function requestMetadataOf(call: Pick<RawCall, 'header'>): RequestMetadata | undefined {
  const text = call.header(header);
  if (text === undefined) return undefined;
  try {
    return fromBinary(RequestMetadataSchema, Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}
