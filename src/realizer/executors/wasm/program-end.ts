import type { HostCalls } from './host-calls.ts';
import { ProgramExit } from './system/index.ts';

/**
 * Runs a program from its entry to its end, and answers the code with which it ended. What the host has ended it by counts, also
 * where the program has caught that on its way through its frames.
 *
 * @throws whatever else came through its frames.
 */
export async function runToEnd(instance: WebAssembly.Instance, calls: HostCalls): Promise<number> {
  const start = WebAssembly.promising(instance.exports['_start'] as () => void);
  calls.begin();
  const ended = await start().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const error = calls.end ?? ended?.error;
  if (error instanceof ProgramExit) return error.code;
  if (error !== undefined) throw error;
  return 0;
}

/** Why a program ended that did not end by itself, or undefined where that is no fault of the program's. */
export function trapOf(error: unknown): string | undefined {
  if (error instanceof WebAssembly.RuntimeError) return `trap: ${error.message}`;
  return isStackOverflow(error) ? 'trap: stack exhausted' : undefined;
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
