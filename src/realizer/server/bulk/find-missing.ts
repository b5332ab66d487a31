import { Code, ConnectError } from '@connectrpc/connect';
import { isTurnOver, nextTurn } from '../../../foundation/index.ts';
import {
  type ContentDigest,
  ContentAddressableStorage,
  type WireDigest,
  bytesOf,
  decodeDigest,
  encodeDigests,
  fieldsOf,
  numberOf,
} from '../../protocol/index.ts';
import type { ClientIdentity } from '../access/authentication.ts';
import { requestedDigest, requestedFunction } from '../content/request-digests.ts';
import { type RawHandler, firstMessage } from '../transport/raw-call.ts';
import type { BatchOptions } from './batches.ts';

/** As many are looked for at once: between them others have their turn. */
const lookSize = 4096;
/** A message of more is none that asks for something: a digest takes some seventy bytes. */
const digestLimit = 100_000;
const digestBytes = 80;
/** Of how many fields it is looked whether others want their turn. */
const fieldsAtOnce = 512;

/** FindMissingBlobs: a build asks for all that it is made of, in one call. */
export function findMissingHandler(
  optionsFor: (client: ClientIdentity) => BatchOptions,
): ReadonlyMap<string, RawHandler> {
  const handler: RawHandler = async (call) => {
    const { store } = optionsFor(call.client);
    const messages = call.messages(digestLimit * digestBytes);
    const message = await firstMessage(messages);
    const digests = await digestsIn(message);
    messages.discard();
    const missing: ContentDigest[] = [];
    for (let start = 0; start < digests.length; start += lookSize)
      missing.push(...(await store.missing(digests.slice(start, start + lookSize))));
    const frame = encodeDigests(2, missing);
    await call.send(frame.bytes);
    frame.giveBack();
  };
  return new Map([[`/${ContentAddressableStorage.typeName}/FindMissingBlobs`, handler]]);
}

async function digestsIn(message: Uint8Array): Promise<readonly ContentDigest[]> {
  let digestFunction = 0;
  let fields = 0;
  const said: WireDigest[] = [];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 2) said.push(decodeDigest(bytesOf(value)));
    else if (number === 3) digestFunction = numberOf(value);
    if (said.length > digestLimit)
      throw new ConnectError(`at most ${digestLimit} digests can be asked for at once`, Code.InvalidArgument);
    fields += 1;
    if (fields % fieldsAtOnce === 0 && isTurnOver()) await nextTurn();
  }
  const name = requestedFunction(digestFunction);
  return said.map((digest) => requestedDigest(name, digest));
}
