import { create } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { RetryInfoSchema } from '../../protocol/index.ts';

/** What a client is told that has had its share, with when another try may find more of it. */
export function overQuota(message: string, retryMs: number): ConnectError {
  const wholeMs = Math.ceil(retryMs);
  const retryDelay = create(DurationSchema, {
    seconds: BigInt(Math.floor(wholeMs / 1000)),
    nanos: (wholeMs % 1000) * 1_000_000,
  });
  const detail = { desc: RetryInfoSchema, value: { retryDelay } };
  return new ConnectError(message, Code.ResourceExhausted, undefined, [detail]);
}
