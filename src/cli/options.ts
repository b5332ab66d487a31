import path from 'node:path';
import { DiagnosticError } from '../diagnostics/index.ts';
import { type LockMode, Workspace, parseIsland } from '../workspace/index.ts';
import type { CommandContext, Option, OptionValues } from './command.ts';

/** A command line that does not fit: exit code 2. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

export const jsonOption: Option = { type: 'boolean', description: 'print the result as JSON' };

/** Options of every command that evaluates. */
export const evaluationOptions: Readonly<Record<string, Option>> = {
  argument: {
    type: 'string',
    multiple: true,
    placeholder: 'NAME=VALUE',
    description: "pass a string to the entry file's function; may be given again",
  },
  locked: { type: 'boolean', description: 'leave cab.lock as it is, and fail where it lacks an island' },
  offline: { type: 'boolean', description: 'use only what is in the store, and name what is missing' },
  override: {
    type: 'string',
    multiple: true,
    placeholder: 'ISLAND=PATH',
    description: 'put a local folder in the place of an island; may be given again',
  },
  realizer: { type: 'string', placeholder: 'NAME', description: 'build on this realizer and no other' },
};

export function flag(values: OptionValues, name: string): boolean {
  return values[name] === true;
}

export function text(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(values: OptionValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as string[]) : [];
}

/** A configuration that cannot be used is told before there is any work. */
export function openWorkspace(context: CommandContext, values: OptionValues): Workspace {
  const workspace = openForEvaluation(context, values);
  void workspace.configuration;
  return workspace;
}

/** For what mostly takes neither configuration nor store: both are opened when they are first needed. */
export function openForEvaluation(context: CommandContext, values: OptionValues): Workspace {
  const { environment, emit, interruptible } = context;
  return new Workspace({
    environment,
    emit,
    get signal() {
      return context.signal;
    },
    interruptible,
    realizer: text(values, 'realizer'),
  });
}

export function lockModeOf(values: OptionValues, update: LockMode['update']): LockMode {
  const mode = { update, locked: flag(values, 'locked'), offline: flag(values, 'offline') };
  if (update !== 'none' && (mode.locked || mode.offline)) {
    throw new UsageError(`--update and --${mode.locked ? 'locked' : 'offline'} contradict each other`);
  }
  return mode;
}

/** The pairs of `--argument`. */
export function argumentsOf(values: OptionValues): ReadonlyMap<string, string> {
  return new Map(texts(values, 'argument').map((pair) => splitPair('argument', pair, pair.indexOf('='))));
}

/** The pairs of `--override`, by the island's key, with absolute folders. */
export function overridesOf(values: OptionValues, folder: string): ReadonlyMap<string, string> {
  return new Map(
    texts(values, 'override').map((pair) => {
      const [island, place] = splitPair('override', pair, pair.lastIndexOf('='));
      if (place === '') throw new UsageError(`--override ${pair} names no folder`);
      const key = islandKey(island);
      if (key.startsWith('cab:'))
        throw new UsageError(`the island '${key}' is part of Cab, and cannot be overridden`);
      return [key, path.resolve(folder, place)];
    }),
  );
}

/** The key of an island that the command line names. */
export function islandKey(word: string): string {
  const parsed = parseIsland(word);
  if (!parsed.ok) throw new DiagnosticError(parsed.diagnostic);
  return parsed.island.key;
}

function splitPair(option: string, pair: string, at: number): [string, string] {
  if (at <= 0) throw new UsageError(`--${option} takes a pair, and '${pair}' has no '='`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}
