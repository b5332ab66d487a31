/**
 * What happens to actions, for whoever logs and counts. `action` is the hash of the action's message, `client` the name by which
 * authentication knows who asks first; durations are in milliseconds.
 */
export type ExecutionEvent =
  | { readonly type: 'action-queued'; readonly action: string; readonly client: string | undefined }
  | {
      readonly type: 'action-started';
      readonly action: string;
      readonly client: string | undefined;
      readonly waitedMs: number;
    }
  | {
      readonly type: 'action-ended';
      readonly action: string;
      readonly client: string | undefined;
      /** `wasm` or `linux-sandbox`; `none` where nothing had to run. */
      readonly executor: string;
      /** `known` where the outputs were there, be it that a claim ended the program; `refused` before anything ran. */
      readonly outcome: 'built' | 'known' | 'failed' | 'cancelled' | 'refused';
      readonly durationMs: number;
    }
  /** A claim whose output was there, so that its program was ended. */
  | { readonly type: 'claim-known'; readonly action: string; readonly claim: string }
  /** A mistake of Cab's own. The client learns that there was one, and not which. */
  | { readonly type: 'fault'; readonly where: string; readonly error: unknown };
