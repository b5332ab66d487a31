export type { ExecutionEvent } from './event.ts';
export { ExecutionServer } from './execution-server.ts';
export { type ExecutionLimits, usualExecutionLimits } from './executions.ts';
export { usualForeignLimits } from './foreign-actions.ts';
