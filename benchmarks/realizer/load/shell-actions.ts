import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { createHash } from 'node:crypto';
import {
  ActionSchema,
  CommandSchema,
  ContentAddressableStorage,
  type Digest,
  DirectorySchema,
  ExecuteResponseSchema,
  Execution,
} from '../../../src/realizer/protocol/index.ts';
import type { Calls } from './calls.ts';

/** A message that is content of its own. */
interface Blob {
  readonly digest: { readonly hash: string; readonly sizeBytes: bigint };
  readonly data: Uint8Array;
}

/** Actions that have the shell write their number to a file, as any client of the API could send them. */
export class ShellActions {
  readonly #root: Blob = blobOf(DirectorySchema, {});
  readonly #actions: readonly Blob[];
  readonly #commands: readonly Blob[];

  constructor(first: number, count: number) {
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    this.#commands = numbers.map((number) =>
      blobOf(CommandSchema, {
        arguments: ['/bin/sh', '-c', `echo ${number} > out`],
        outputFiles: ['out'],
        outputPaths: ['out'],
      }),
    );
    this.#actions = this.#commands.map(({ digest }) =>
      blobOf(ActionSchema, { commandDigest: digest, inputRootDigest: this.#root.digest }),
    );
  }

  get digests(): readonly Blob['digest'][] {
    return this.#actions.map(({ digest }) => digest);
  }

  /** Puts all that they are made of there. */
  async upload(calls: Calls): Promise<void> {
    const blobs = [this.#root, ...this.#commands, ...this.#actions];
    for (let first = 0; first < blobs.length; first += 500) {
      const requests = blobs.slice(first, first + 500).map((blob) => ({ ...blob }));
      const { responses } = await calls.call(ContentAddressableStorage.method.batchUpdateBlobs, { requests });
      const failed = responses.find(({ status }) => (status?.code ?? 0) !== 0);
      if (failed !== undefined) throw new Error(`a blob was not taken: ${failed.status?.message}`);
    }
  }

  /** Has all of them run, so many at a time. @throws where one does not end with 0, or comes from the cache. */
  async run(calls: Calls, width: number): Promise<void> {
    const left = this.digests.values();
    const work = async (): Promise<void> => {
      for (const actionDigest of left) await execute(calls, actionDigest as Digest);
    };
    await Promise.all(Array.from({ length: width }, work));
  }
}

async function execute(calls: Calls, actionDigest: Digest): Promise<void> {
  const operation = await calls.call(Execution.method.execute, { actionDigest, skipCacheLookup: true });
  if (operation.result.case !== 'response') throw new Error('an action ended without a response');
  const { status, result, cachedResult } = fromBinary(ExecuteResponseSchema, operation.result.value.value);
  if ((status?.code ?? 0) !== 0 || result?.exitCode !== 0 || cachedResult) {
    throw new Error(`an action failed: ${status?.message}, exit code ${result?.exitCode}, ${cachedResult}`);
  }
}

function blobOf<Schema extends DescMessage>(schema: Schema, message: MessageInitShape<Schema>): Blob {
  const data = toBinary(schema, create(schema, message));
  const hash = createHash('sha256').update(data).digest('hex');
  return { digest: { hash, sizeBytes: BigInt(data.length) }, data };
}
