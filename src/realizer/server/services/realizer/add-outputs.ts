import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { DiagnosticError } from '../../../../diagnostics/index.ts';
import { BoundedPool } from '../../../../foundation/index.ts';
import type { StoreKeeper } from '../../keeping/store-keeper.ts';
import type { BlobReference, ExchangedOutput, Store } from '../../../../store/index.ts';
import {
  type AddOutputsRequest,
  type AddOutputsResponse,
  AddOutputsResponseSchema,
  type Output,
  outputRecordOf,
} from '../../../protocol/index.ts';

/** How many outputs one call may add. */
const outputsLimit = 20_000;
/** How many calls are worked on at once: each holds in mind all that its trees are made of. */
const callsAtOnce = 4;

const pool = new BoundedPool(callsAtOnce);

export interface AddContext {
  readonly store: Store;
  /** Of the store's size, where that is kept. */
  readonly keeper?: Pick<StoreKeeper, 'begin'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Records outputs that were uploaded before, directories as blobs, or answers what is lacking of them. */
export async function addOutputs(
  request: AddOutputsRequest,
  { store, keeper, signal }: AddContext,
): Promise<AddOutputsResponse> {
  if (request.outputs.length > outputsLimit)
    throw new ConnectError(`at most ${outputsLimit} outputs can be added at once`, Code.InvalidArgument);
  const outputs = request.outputs.map(offeredOf);
  const lacking = await pool.run(async () => {
    // What was found to be there is to be there when all of it is recorded.
    using _work = keeper?.begin();
    return await take(outputs, store);
  }, signal);
  return create(AddOutputsResponseSchema, {
    missingDirectories: lacking.directories.map(digestMessageOf),
    missingBlobs: lacking.blobs.map(digestMessageOf),
  });
}

async function take(outputs: readonly ExchangedOutput[], store: Store) {
  try {
    return await store.takeUploadedOutputs(outputs);
  } catch (error) {
    const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
    if (diagnostic?.code !== 'CAB5032') throw error;
    throw new ConnectError(diagnostic.message, Code.InvalidArgument);
  }
}

function offeredOf(message: Output): ExchangedOutput {
  const record = outputRecordOf(message);
  const treeSize = Number(message.tree?.sizeBytes);
  if (record === undefined || !Number.isSafeInteger(treeSize) || treeSize < 0)
    throw new ConnectError(
      `what is said of '${message.path.slice(0, 300)}' is malformed`,
      Code.InvalidArgument,
    );
  return { ...record, treeSize };
}

function digestMessageOf({ digest, size }: BlobReference): { hash: string; sizeBytes: bigint } {
  return { hash: digest, sizeBytes: BigInt(size) };
}
