export type { Execution, ExecutionResult, Executor, RequestFailure } from './executor.ts';
export { CommandSandbox, type SandboxedEnd } from './linux-sandbox/command-sandbox.ts';
export { createLinuxSandboxExecutor } from './linux-sandbox/executor.ts';
export { type ExecutorLoader, executorLoaders } from './loaders.ts';
export { hostToolsIdentity } from './linux-sandbox/host-tools.ts';
export { createWasmExecutor } from './wasm/executor.ts';
