import { Code, ConnectError } from '@connectrpc/connect';
import type { StorePath } from '../../foundation/index.ts';
import { type Moved, isOnThisMachine, parseRealizerAddress } from '../index.ts';
import type { Connection } from './connection.ts';
import type { StatusCache } from './status.ts';

/** How long one realizer may take to get what it needs from another, in milliseconds. */
const pullLimitMs = 3_600_000;
/** How old what a realizer says of its address may be, in milliseconds. */
const addressAgeMs = 300_000;

interface Side {
  readonly connection: Connection;
  readonly status: StatusCache;
}

export interface Pull {
  readonly from: Side;
  readonly by: Side;
  readonly paths: readonly StorePath[];
  readonly signal: AbortSignal;
}

/** Has one realizer take outputs from another, and answers why it cannot, where that is so. */
export async function pullOutputs({
  from,
  by,
  paths,
  signal,
}: Pull): Promise<Moved | { readonly refusal: string }> {
  const address = await addressFor(from, by);
  if (address === undefined)
    return { refusal: `'${from.connection.named.name}' has no address by which other machines reach it` };
  const { ticket } = await from.connection.call(
    ({ realizer }, options) => realizer.issueTicket({ paths: [...paths] }, options),
    { signal },
  );
  by.connection.check();
  try {
    const { bytes, outputs } = await by.connection.services.realizer.pullOutputs(
      { paths: [...paths], address, ticket },
      { signal, timeoutMs: pullLimitMs },
    );
    return { bytes: Number(bytes), outputs };
  } catch (error) {
    signal.throwIfAborted();
    return { refusal: refusalIn(error) ?? raise(by.connection.faultOf(error)) };
  }
}

/** Where the one that gives is reached by the other: as it says itself, else as this process reaches it, if that means something there. */
async function addressFor(from: Side, by: Side): Promise<string | undefined> {
  const { publicAddress } = await from.status.get(addressAgeMs);
  if (publicAddress !== '') return publicAddress;
  const [own, other] = [from, by].map(({ connection }) => parseRealizerAddress(connection.named.address));
  if (own === undefined || other === undefined) return undefined;
  // What is only of this machine is reached by another that is of this machine too.
  return !isOnThisMachine(own) || isOnThisMachine(other) ? from.connection.named.address : undefined;
}

/** Answers of a realizer that cannot do it, while it can do all else. */
const refusals: ReadonlySet<Code> = new Set([
  Code.FailedPrecondition,
  Code.InvalidArgument,
  Code.NotFound,
  Code.PermissionDenied,
  Code.Unavailable,
  Code.Unimplemented,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
]);

function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof ConnectError) || error.cause !== undefined) return undefined;
  return refusals.has(error.code) ? error.rawMessage : undefined;
}

function raise(error: Error): never {
  throw error;
}
