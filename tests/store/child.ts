import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Another process that has the store's door at hand as `door`; its standard output is read line by line. */
export interface Child {
  readonly process: ChildProcess;
  readonly nextLine: () => Promise<string>;
  readonly ended: Promise<number | null>;
}

const door = new URL('../../src/store/index.ts', import.meta.url).href;

/** Starts a process that runs the code, `args` being its arguments, through the launcher where there is one. */
export function startChild(code: string, args: readonly string[], launcher: readonly string[] = []): Child {
  const script = `import * as door from ${JSON.stringify(door)};\nconst args = process.argv.slice(1);\n${code}`;
  const command = [...launcher, process.execPath, '--input-type=module-typescript', '--eval', script, '--'];
  const child = spawn(command[0] as string, [...command.slice(1), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit').then(([exitCode]) => exitCode as number | null);
  return { process: child, nextLine: async () => String((await lines.next()).value), ended };
}
