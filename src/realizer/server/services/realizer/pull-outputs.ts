import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { DiagnosticError } from '../../../../diagnostics/index.ts';
import { BoundedPool, type StorePath, parseStorePath } from '../../../../foundation/index.ts';
import type { Store } from '../../../../store/index.ts';
import type { StoreKeeper } from '../../keeping/store-keeper.ts';
import { fetchOutputs, openConnection } from '../../../client/index.ts';
import { type RealizerAddress, formatRealizerAddress, parseRealizerAddress } from '../../../index.ts';
import {
  type PullOutputsRequest,
  type PullOutputsResponse,
  PullOutputsResponseSchema,
} from '../../../protocol/index.ts';

/** How many outputs one call may ask for. */
const pathsLimit = 20_000;
/** How many calls are worked on at once. */
const callsAtOnce = 4;

const pool = new BoundedPool(callsAtOnce);

export interface PullOptions {
  readonly store: Store;
  /** Of the store's size, where that is kept. */
  readonly keeper?: Pick<StoreKeeper, 'begin'> | undefined;
  /** The realizers that outputs may be taken from, by their addresses; nothing else is ever connected to. */
  readonly allowed: readonly string[];
  /** PEM files of certificate authorities that are trusted besides the usual ones. */
  readonly certificateAuthorities: readonly string[];
  /** Of Cab. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Takes outputs with all that they refer to from another realizer, as a client of it, and verifies them as if they were uploaded. */
export async function pullOutputs(
  request: PullOutputsRequest,
  options: PullOptions,
): Promise<PullOutputsResponse> {
  if (request.paths.length > pathsLimit)
    throw new ConnectError(`at most ${pathsLimit} outputs can be pulled at once`, Code.InvalidArgument);
  const paths = request.paths.map(storePathOf);
  const address = allowedAddress(request.address, options.allowed);
  const moved = await pool.run(async () => {
    // What was found to be there is to be there when all of it is recorded.
    using _work = options.keeper?.begin();
    return await pullFrom(address, request.ticket, paths, options);
  }, options.signal);
  return create(PullOutputsResponseSchema, { bytes: BigInt(moved.bytes), outputs: moved.outputs });
}

async function pullFrom(
  address: RealizerAddress,
  ticket: string,
  paths: readonly StorePath[],
  { store, certificateAuthorities, version, signal }: PullOptions,
) {
  const shown = formatRealizerAddress(address);
  const token = ticket === '' ? undefined : ({ kind: 'text', text: ticket } as const);
  const connection = openConnection(
    { name: shown, address, token, identity: undefined, certificateAuthorities },
    version,
  );
  try {
    return await fetchOutputs({ connection, store, signal }, paths);
  } catch (error) {
    const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
    // What this store says of itself, such as that its disk is full, is for whoever tells clients of such things.
    if (diagnostic === undefined || !/^CAB(40|503)/.test(diagnostic.code)) throw error;
    throw new ConnectError(diagnostic.message, Code.FailedPrecondition);
  } finally {
    await connection.close();
  }
}

function allowedAddress(text: string, allowed: readonly string[]): RealizerAddress {
  const address = parseRealizerAddress(text);
  if (address === undefined)
    throw new ConnectError(`'${text.slice(0, 300)}' is no address of a realizer`, Code.InvalidArgument);
  if (isAllowed(address, allowed)) return address;
  throw new ConnectError(
    `it takes outputs from no realizer at ${formatRealizerAddress(address)}: its operator can list that in [peers] allow`,
    Code.PermissionDenied,
  );
}

function isAllowed(address: RealizerAddress, allowed: readonly string[]): boolean {
  const shown = formatRealizerAddress(address);
  const addresses = allowed.flatMap((text) => parseRealizerAddress(text) ?? []);
  return addresses.some((each) => formatRealizerAddress(each) === shown);
}

function storePathOf(text: string): StorePath {
  const path = parseStorePath(text);
  if (path !== undefined) return path;
  throw new ConnectError(`'${text.slice(0, 300)}' is no path of a store`, Code.InvalidArgument);
}
