import { ProgramExit } from './system/index.ts';

/**
 * Runs a program from its entry to its end, and answers the code with which it ended.
 *
 * @throws whatever else came through its frames.
 */
export async function runToEnd(instance: WebAssembly.Instance): Promise<number> {
  const start = WebAssembly.promising(instance.exports['_start'] as () => void);
  try {
    await start();
    return 0;
  } catch (error) {
    if (error instanceof ProgramExit) return error.code;
    throw error;
  }
}

/** Why a program ended that did not end by itself, or undefined where that is no fault of the program's. */
export function trapOf(error: unknown): string | undefined {
  if (error instanceof WebAssembly.RuntimeError) return `trap: ${error.message}`;
  return isStackOverflow(error) ? 'trap: stack exhausted' : undefined;
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
