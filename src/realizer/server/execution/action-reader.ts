import { type DescMessage, type MessageShape, fromBinary } from '@bufbuild/protobuf';
import { durationMs } from '@bufbuild/protobuf/wkt';
import type { ContentStore } from '../content/content-store.ts';
import {
  type Action,
  ActionSchema,
  type Command,
  CommandSchema,
  type ContentDigest,
  contentDigestOf,
} from '../../protocol/index.ts';
import { invalid, missingContent } from './action-fault.ts';

/** The longest message of an action or a command in bytes: arguments and environment of a program take less. */
const messageLimit = 4 << 20;

/** An action with its command, as they were uploaded. */
export interface ReadAction {
  readonly digest: ContentDigest;
  readonly action: Action;
  readonly command: Command;
  readonly inputRoot: ContentDigest;
  /** In milliseconds; undefined where the client has not said it. */
  readonly timeoutMs: number | undefined;
}

/** @throws ActionFault where something is not there, or is not what it should be. */
export async function readAction(content: ContentStore, digest: ContentDigest): Promise<ReadAction> {
  const action = await readMessage(content, digest, ActionSchema, 'action');
  const commandDigest = contentDigestOf(digest.function, action.commandDigest);
  const inputRoot = contentDigestOf(digest.function, action.inputRootDigest);
  if (commandDigest === undefined || inputRoot === undefined)
    throw invalid('the action names no command or no input root by a digest');
  const command = await readMessage(content, commandDigest, CommandSchema, 'command');
  const timeoutMs = action.timeout === undefined ? undefined : durationMs(action.timeout);
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) throw invalid("the action's timeout is negative");
  return { digest, action, command, inputRoot, timeoutMs: timeoutMs === 0 ? undefined : timeoutMs };
}

async function readMessage<Schema extends DescMessage>(
  content: ContentStore,
  digest: ContentDigest,
  schema: Schema,
  what: string,
): Promise<MessageShape<Schema>> {
  if (digest.size > messageLimit) throw invalid(`the ${what} is larger than ${messageLimit} bytes`);
  const bytes = await content.read(digest);
  if (bytes === undefined) throw missingContent([digest]);
  return decoded(bytes, schema, what);
}

/** @throws ActionFault where the bytes are no such message. */
function decoded<Schema extends DescMessage>(
  bytes: Uint8Array,
  schema: Schema,
  what: string,
): MessageShape<Schema> {
  try {
    return fromBinary(schema, bytes);
  } catch {
    throw invalid(`the content of the digest is no ${what}`);
  }
}
