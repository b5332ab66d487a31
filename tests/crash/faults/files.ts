import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemError } from './errors.ts';
import { halve } from './halves.ts';
import { opening, reading, writing } from './operations.ts';
import { type Operation, type Striker, type Verdict, die } from './strike.ts';

type Arguments = readonly unknown[];
type AnyFunction = (...values: unknown[]) => unknown;
type Functions = Record<string, AnyFunction | undefined>;

/** The paths of the open files, by their descriptors. */
const open = new Map<number, string>();

/** Puts a look at the striker before each function of `node:fs`: those that wait, those that call back, and those that promise. */
export function wrapFiles(striker: Striker): void {
  const functions = fs as unknown as Functions;
  const promises = fs.promises as unknown as Functions;
  for (const name of [opening, ...writing, ...reading]) {
    const sync = functions[`${name}Sync`];
    const callback = functions[name];
    const promise = promises[name];
    if (sync !== undefined) functions[`${name}Sync`] = waiting(name, sync, striker);
    if (callback !== undefined) functions[name] = callingBack(name, callback, striker);
    if (promise !== undefined) promises[name] = promising(name, promise, striker);
  }
}

function waiting(name: string, original: AnyFunction, striker: Striker): AnyFunction {
  return (...values) => {
    const operation = operationOf(name, values);
    const verdict = striker.judge(operation);
    if (verdict === 'goes on') return noting(name, values, original(...values));
    throw struck(verdict, operation, values);
  };
}

function callingBack(name: string, original: AnyFunction, striker: Striker): AnyFunction {
  const wrapped: AnyFunction = (...values) => {
    const operation = operationOf(name, values);
    const verdict = striker.judge(operation);
    const done = values.at(-1);
    if (typeof done !== 'function') return original(...values);
    if (verdict !== 'goes on') {
      const error = struck(verdict, operation, values);
      process.nextTick(() => (done as AnyFunction)(error));
      return undefined;
    }
    if (name !== opening) return original(...values);
    return original(...values.slice(0, -1), (error: unknown, descriptor: unknown) =>
      (done as AnyFunction)(error, noting(name, values, descriptor)),
    );
  };
  // Some have a form of their own for promisify().
  return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
}

function promising(name: string, original: AnyFunction, striker: Striker): AnyFunction {
  return async (...values) => {
    const operation = operationOf(name, values);
    const verdict = striker.judge(operation);
    if (verdict === 'goes on') return await original(...values);
    throw struck(verdict, operation, values);
  };
}

/** Does not return where the process is to die. */
function struck(verdict: Exclude<Verdict, 'goes on'>, operation: Operation, values: Arguments): Error {
  if (typeof verdict === 'object') return systemError(verdict.failsWith, operation.name, operation.paths[0]);
  if (verdict === 'dies halfway') halve(operation.name, values);
  return die();
}

function noting(name: string, values: Arguments, result: unknown): unknown {
  if (name === opening && typeof result === 'number') open.set(result, textOf(values[0]) ?? '');
  return result;
}

function operationOf(name: string, values: Arguments): Operation {
  const writes = name === opening ? opensToWrite(values[1]) : writing.includes(name);
  return { name, writes, paths: pathsOf(name, values) };
}

function opensToWrite(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return typeof flags === 'string' && flags !== 'r' && flags !== 'rs';
}

function pathsOf(name: string, [first, second]: Arguments): readonly string[] {
  if (typeof first === 'number') return [open.get(first) ?? ''];
  // The target of a symbolic link is a text, and touches nothing.
  if (name === 'symlink') return [textOf(second) ?? ''];
  const paths = [textOf(first) ?? ''];
  if (['rename', 'link', 'copyFile', 'cp'].includes(name)) paths.push(textOf(second) ?? '');
  return paths;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString();
  return value instanceof URL ? fileURLToPath(value) : undefined;
}
