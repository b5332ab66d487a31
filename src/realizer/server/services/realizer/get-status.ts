import { type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import type { Load } from '../../../index.ts';
import type { GetStatusResponseSchema } from '../../../protocol/index.ts';
import { clientOf } from '../../access/client-context.ts';
import type { Lifecycle } from '../../operations/lifecycle.ts';

export interface StatusOptions {
  /** Of Cab. */
  readonly version: string;
  readonly features: () => Promise<ReadonlySet<string>>;
  /** For features that it would offer if more were installed: what to do. */
  readonly remedies: () => Promise<ReadonlyMap<string, string>>;
  readonly load: () => Load;
  /** In bytes, as far as it was counted. The limit is 0 where there is none. */
  readonly storeSize: () => StoreSize;
  readonly publicAddress: string | undefined;
  readonly lifecycle: Lifecycle;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
}

interface StoreSize {
  readonly bytes: number;
  readonly limitBytes: number;
}

type StatusHandler = (
  request: object,
  context: HandlerContext,
) => Promise<MessageInitShape<typeof GetStatusResponseSchema>>;

/** What a realizer says of itself: `cab.realizer.v1.Realizer/GetStatus`. */
export function getStatusHandler(options: StatusOptions): StatusHandler {
  return async (_request, context) => {
    const size = options.storeSize();
    return {
      version: options.version,
      features: [...(await options.features())].toSorted(),
      remedies: Object.fromEntries(await options.remedies()),
      load: options.load(),
      store: { bytes: BigInt(size.bytes), limitBytes: BigInt(size.limitBytes) },
      publicAddress: options.publicAddress ?? '',
      draining: !options.lifecycle.isServing,
      client: clientOf(context).name,
      started: timestampFromMs(options.startedMs),
    };
  };
}
