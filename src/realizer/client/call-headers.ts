import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeBinaryHeader } from '@connectrpc/connect';
import { RequestMetadataSchema } from '../protocol/index.ts';

export const metadataHeader = 'build.bazel.remote.execution.v2.requestmetadata-bin';

export interface CallerOptions {
  /** Of Cab. */
  readonly version: string;
  readonly token?: string | undefined;
  /** The same for all that one run asks; another one for each channel where it is absent. */
  readonly invocation?: string | undefined;
}

/** What goes with every call: who calls, with what, and to which run it belongs. */
export function callHeaders({
  version,
  token,
  invocation = randomUUID(),
}: CallerOptions): Record<string, string> {
  const metadata = create(RequestMetadataSchema, {
    toolDetails: { toolName: 'cab', toolVersion: version },
    toolInvocationId: invocation,
  });
  return {
    'user-agent': `cab/${version}`,
    [metadataHeader]: encodeBinaryHeader(toBinary(RequestMetadataSchema, metadata)),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}
