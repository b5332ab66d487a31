import type { Routes } from '../transport/connect-calls.ts';
import {
  Capabilities,
  Compressor_Value,
  DigestFunction_Value,
  SymlinkAbsolutePathStrategy_Value,
} from '../../protocol/index.ts';
import type { ContentLimits } from './limits.ts';

const digestFunctions = [DigestFunction_Value.BLAKE3, DigestFunction_Value.SHA256];

export interface CapabilitiesOptions {
  readonly limits: ContentLimits;
  /** Whether clients may give results of actions. */
  readonly takesActionResults: boolean;
}

/** Says what this realizer speaks: from 2.0 on, since old clients refuse whoever does not. */
export function capabilities({ limits, takesActionResults }: CapabilitiesOptions): Routes {
  return (router) =>
    router.service(Capabilities, {
      getCapabilities: () => ({
        cacheCapabilities: {
          digestFunctions,
          actionCacheUpdateCapabilities: { updateEnabled: takesActionResults },
          cachePriorityCapabilities: { priorities: [{ minPriority: 0, maxPriority: 0 }] },
          maxBatchTotalSizeBytes: BigInt(limits.batchBytes),
          maxCasBlobSizeBytes: BigInt(limits.blobBytes),
          symlinkAbsolutePathStrategy: SymlinkAbsolutePathStrategy_Value.ALLOWED,
          supportedCompressors: [Compressor_Value.ZSTD],
          supportedBatchUpdateCompressors: [Compressor_Value.ZSTD],
        },
        executionCapabilities: {
          // One, for clients from before there was a choice.
          digestFunction: DigestFunction_Value.SHA256,
          digestFunctions,
          execEnabled: true,
          executionPriorityCapabilities: { priorities: [{ minPriority: -1000, maxPriority: 1000 }] },
        },
        lowApiVersion: { major: 2 },
        highApiVersion: { major: 2, minor: 12 },
      }),
    });
}
