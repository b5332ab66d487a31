export type { ExecutionEvent } from './event.ts';
export { ExecutionServer, type ExecutionServerOptions, type RealizerState } from './execution-server.ts';
export { type ExecutionLimits, usualExecutionLimits } from './executions.ts';
export { type ForeignLimits, usualForeignLimits } from './foreign-actions.ts';
export type { LogStreams } from './log-streams.ts';
export type { AcceptedPlatform } from './platform.ts';
