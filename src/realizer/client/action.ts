import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeBinaryHeader } from '@connectrpc/connect';
import { type StorePath, digestOf } from '../../foundation/index.ts';
import type { RealizeRequest } from '../index.ts';
import {
  ActionSchema,
  CommandSchema,
  type ContentDigest,
  type OutputNode,
  RequestMetadataSchema,
  commandOf,
  inputRootOf,
  messageDigestOf,
} from '../protocol/index.ts';
import { metadataHeader } from './call-headers.ts';
import type { Content } from './content.ts';

/** A derivation as an action: what its execution is asked for by, and the content that belongs to it. */
export interface EncodedAction {
  readonly digest: ContentDigest;
  /** The action's own messages: command, directories above the inputs, and the action itself. */
  readonly blobs: readonly Content[];
}

export interface ActionOptions {
  /** Whether nothing that is known of it counts. */
  readonly doNotCache: boolean;
}

/** The action that makes a derivation's outputs, whose inputs are known by their nodes. */
export function actionOf(
  { derivation, pins }: Pick<RealizeRequest, 'derivation' | 'pins'>,
  nodes: ReadonlyMap<StorePath, OutputNode>,
  { doNotCache }: ActionOptions,
): EncodedAction {
  const inputs = derivation.inputs.trees.map((path) => ({ path, node: nodes.get(path) as OutputNode }));
  const directories = inputRootOf(inputs).map(({ encoding }) => blobOf(encoding));
  const message = commandOf({ derivation, pins });
  const command = blobOf(toBinary(CommandSchema, message));
  const root = directories[0] as Content;
  const action = create(ActionSchema, {
    commandDigest: messageDigestOf(command.digest),
    inputRootDigest: messageDigestOf(root.digest),
    doNotCache,
    ...(message.platform !== undefined && { platform: message.platform }),
  });
  const own = blobOf(toBinary(ActionSchema, action));
  return { digest: own.digest, blobs: [own, command, ...directories] };
}

function blobOf(content: Uint8Array): Content {
  return { digest: { function: 'blake3', hash: digestOf(content), size: content.length }, content };
}

/** One run of this process, for whoever reads a server's log. */
const invocation = randomUUID();

/** What goes along with a call about an action, by which servers and their logs know it. `version` is that of Cab. */
export function requestHeaders(
  { derivation, requestedAs }: RealizeRequest,
  action: ContentDigest,
  version: string,
): Headers {
  const metadata = create(RequestMetadataSchema, {
    toolDetails: { toolName: 'cab', toolVersion: version },
    toolInvocationId: invocation,
    actionId: action.hash,
    actionMnemonic: derivation.name,
    targetId: requestedAs,
  });
  return new Headers({
    [metadataHeader]: encodeBinaryHeader(toBinary(RequestMetadataSchema, metadata)),
  });
}
