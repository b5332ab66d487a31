import type { Settings } from '../../../configuration/index.ts';

/** What bounds all clients together. */
export interface LimitsConfiguration {
  /** How long what runs may go on once the server is told to end. */
  readonly drainMs: number;
  /** Connections at once. */
  readonly connections: number;
  /** Actions that wait. */
  readonly queue: number;
}

export const limitSettings = ['drain-seconds', 'connections', 'queue'];

/** As long as systemd and Kubernetes can be told to wait without anybody wondering. */
const usualDrainSeconds = 600;
const drainSecondsLimit = 7 * 86_400;
const usualConnections = 1000;
const usualQueue = 10_000;
const countLimit = 1_000_000;

export function readLimits(settings: Settings): LimitsConfiguration {
  return {
    drainMs:
      settings.positive('drain-seconds', { fallback: usualDrainSeconds, limit: drainSecondsLimit }) * 1000,
    connections: settings.count('connections', { fallback: usualConnections, limit: countLimit }),
    queue: settings.count('queue', { fallback: usualQueue, limit: countLimit }),
  };
}
