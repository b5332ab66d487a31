import type { ExecutionEvent } from '../execution/event.ts';
import type { LogRecord } from '../log.ts';

/**
 * Everything that can happen in a server and that its operator may want to see: what serves tells it, the log and the metrics render it.
 * `client` is the name by which authentication knows who asks, `rpc` such as `ContentAddressableStorage/FindMissingBlobs`, `status` the name of
 * a status of gRPC such as `NOT_FOUND`. Sizes are in bytes and durations in milliseconds. No event holds a secret.
 */
export type ServerEvent =
  | ExecutionEvent
  | { readonly type: 'listening'; readonly address: string }
  | {
      readonly type: 'call-ended';
      readonly rpc: string;
      readonly client: string | undefined;
      readonly status: string;
      readonly durationMs: number;
      /** What it carried. */
      readonly bytesIn: number;
      readonly bytesOut: number;
    }
  | {
      readonly type: 'collected';
      readonly bytes: number;
      readonly storeBytes: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'asset-fetched';
      readonly client: string | undefined;
      readonly uri: string;
      readonly how: string;
    }
  /** Somebody has waited for room in the store, and got none. */
  | { readonly type: 'no-room'; readonly bytes: number; readonly storeBytes: number }
  | { readonly type: 'clients-reloaded'; readonly clients: number }
  | { readonly type: 'reload-failed'; readonly message: string }
  | { readonly type: 'draining'; readonly running: number; readonly forMs: number }
  | { readonly type: 'drained'; readonly running: number }
  | { readonly type: 'closed' }
  /** Something that can be worked with, and that the operator should see to. */
  | {
      readonly type: 'warning';
      readonly code?: string;
      readonly message: string;
      /** What to do. */
      readonly hint: string | undefined;
    }
  /** Whatever else a part of the server has to say. */
  | { readonly type: 'noted'; readonly record: LogRecord };

export type Observe = (event: ServerEvent) => void;
