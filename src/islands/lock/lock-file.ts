import { parseClaim, type Pins } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import { compareCodePoints } from '../../foundation/index.ts';

/** The lock file's name; it lies beside the entry file. */
export const lockFileName = 'cab.lock';

/** What `cab.lock` holds: pins by island, and by derivation for those that fix themselves without being an island. */
export interface LockFile {
  readonly islands: ReadonlyMap<string, Pins>;
  readonly derivations: ReadonlyMap<string, Pins>;
}

export const emptyLockFile: LockFile = { islands: new Map(), derivations: new Map() };

export type LockFileResult =
  { readonly ok: true; readonly lock: LockFile } | { readonly ok: false; readonly diagnostic: Diagnostic };

const supportedVersion = 1;

/** Reads the text of a lock file; `name` is how messages call it. */
export function parseLockFile(text: string, name: string): LockFileResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return unreadable(name, `it is not JSON (${(error as Error).message})`, conflictHint(text));
  }
  if (!isObject(json)) return unreadable(name, 'it is not a JSON object');
  if (json.version !== supportedVersion) {
    return unreadable(name, `its version is ${JSON.stringify(json.version)}, and this Cab knows version 1`);
  }
  const islands = parseBlocks(json.islands);
  const derivations = parseBlocks(json.derivations);
  if (typeof islands === 'string') return unreadable(name, islands);
  if (typeof derivations === 'string') return unreadable(name, derivations);
  return { ok: true, lock: { islands, derivations } };
}

/** The text of a lock file: sorted, one block an island, ended by a line feed. */
export function printLockFile(lock: LockFile): string {
  const json = {
    version: supportedVersion,
    islands: sorted(lock.islands),
    ...(lock.derivations.size > 0 && { derivations: sorted(lock.derivations) }),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function parseBlocks(value: unknown): ReadonlyMap<string, Pins> | string {
  if (value === undefined) return new Map();
  if (!isObject(value)) return 'its blocks are not a JSON object';
  const blocks = new Map<string, Pins>();
  for (const [key, block] of Object.entries(value)) {
    if (!isObject(block)) return `the block of '${key}' is not a JSON object`;
    for (const [format, pin] of Object.entries(block)) {
      if (typeof pin !== 'string' || !isPin(format, pin)) {
        return `the pin '${format}' of '${key}' has not the form of a claim's value`;
      }
    }
    blocks.set(key, block as Pins);
  }
  return blocks;
}

/** Formats of Cab's own have a form that every value of theirs has. */
const forms: ReadonlyMap<string, RegExp> = new Map([
  ['git', /^([0-9a-f]{40}|[0-9a-f]{64})$/],
  ['git-tree', /^([0-9a-f]{40}|[0-9a-f]{64})$/],
  ['cab', /^[a-z2-7]{52}$/],
]);

function isPin(format: string, pin: string): boolean {
  return parseClaim(`${format}:${pin}`) !== undefined && forms.get(format)?.test(pin) !== false;
}

function sorted(blocks: ReadonlyMap<string, Pins>): Record<string, Pins> {
  const keys = [...blocks.keys()].toSorted(compareCodePoints);
  return Object.fromEntries(keys.map((key) => [key, sortedPins(blocks.get(key) ?? {})]));
}

function sortedPins(pins: Pins): Pins {
  return Object.fromEntries(Object.entries(pins).toSorted(([a], [b]) => compareCodePoints(a, b)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function conflictHint(text: string): string | undefined {
  if (!/^(<<<<<<<|>>>>>>>)/m.test(text)) return undefined;
  return 'a merge left conflict marks in it: keep either side of each, then run cab build';
}

function unreadable(name: string, why: string, hint?: string): LockFileResult {
  return {
    ok: false,
    diagnostic: {
      code: 'CAB3101',
      severity: 'error',
      message: `the lock file '${name}' cannot be read: ${why}`,
      hint: hint ?? 'restore it from version control, or remove it and let cab build pin everything anew',
    },
  };
}
