import { createRequire } from 'node:module';
import type { TomlError, parse } from 'smol-toml';
import { Attributes } from './attributes.ts';
import { normaliseInteger } from './arithmetic.ts';
import { Float, type Slot } from './value.ts';

export type TomlResult =
  | { readonly kind: 'value'; readonly value: Attributes }
  | { readonly kind: 'fault'; readonly reason: string; readonly line: number; readonly column: number };

interface TomlModule {
  readonly parse: typeof parse;
  readonly TomlError: typeof TomlError;
}

let loaded: TomlModule | undefined;

/** Loaded when it is first needed: most evaluations read no TOML, and all of them pay for what is loaded at the start. */
function toml(): TomlModule {
  return (loaded ??= createRequire(import.meta.url)('smol-toml') as TomlModule);
}

/** Reads TOML 1.0. Integers are exact; what a float cannot hold, such as `inf`, becomes a string. */
export function parseToml(text: string): TomlResult {
  const { parse, TomlError } = toml();
  try {
    const value = valueOf(parse(text, { integersAsBigInt: true }));
    return { kind: 'value', value: value instanceof Attributes ? value : Attributes.empty };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    return { kind: 'fault', reason, line: error.line, column: error.column };
  }
}

function valueOf(value: unknown): Slot {
  if (typeof value === 'bigint') return normaliseInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) ? new Float(value) : floatName(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(valueOf);
  if (value instanceof Date) return value.toISOString();
  const entries = Object.entries(value as Record<string, unknown>);
  return Attributes.fromMap(new Map(entries.map(([name, member]) => [name, valueOf(member)])));
}

function floatName(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}
