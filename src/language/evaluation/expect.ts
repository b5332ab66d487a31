import { Attributes } from './attributes.ts';
import { BuiltinFunction } from './builtin.ts';
import { isString, textOf } from './context.ts';
import { type Site, fault } from './fault.ts';
import { Lambda } from './lambda.ts';
import { mismatch, spanOf } from './mismatch.ts';
import { type ContextString, Float, type List, type Value, isList } from './value.ts';

// Each of these gives the value back as the type that is needed. `what` is its name in the message: `the list of 'map'`.

export function booleanOf(value: Value, site: Site, what: string): boolean {
  if (typeof value === 'boolean') return value;
  throw mismatch(value, site, what, 'a boolean');
}

export function listOf(value: Value, site: Site, what: string): List {
  if (isList(value)) return value;
  throw mismatch(value, site, what, 'a list');
}

export function attributesOf(value: Value, site: Site, what: string): Attributes {
  if (value instanceof Attributes) return value;
  throw mismatch(value, site, what, 'attributes');
}

export function functionOf(value: Value, site: Site, what: string): Lambda | BuiltinFunction {
  if (value instanceof Lambda || value instanceof BuiltinFunction) return value;
  throw mismatch(value, site, what, 'a function');
}

export function stringOf(value: Value, site: Site, what: string): string | ContextString {
  if (isString(value)) return value;
  throw mismatch(value, site, what, 'a string');
}

/** The text of a string that has no context. */
export function plainStringOf(value: Value, site: Site, what: string): string {
  if (typeof value === 'string') return value;
  if (!isString(value)) throw mismatch(value, site, what, 'a string');
  throw fault(site.span, 'CAB2021', `${what} cannot depend on the output of a derivation or on a tree`, {
    hint: 'withoutContext gives the text alone',
  });
}

/** The text of a string, whatever its context. */
export function anyTextOf(value: Value, site: Site, what: string): string {
  return textOf(stringOf(value, site, what));
}

export function integerOf(value: Value, site: Site, what: string): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  throw mismatch(value, site, what, 'an integer');
}

/** An integer that counts something, from 0 to `limit`. Without a limit, what is more than anything can have is all of it. */
export function countOf(value: Value, site: Site, what: string, limit = Number.MAX_SAFE_INTEGER): number {
  const integer = integerOf(value, site, what);
  if (typeof integer === 'number' && integer >= 0 && integer <= limit) return integer;
  if (typeof integer === 'bigint' && integer > 0n && limit === Number.MAX_SAFE_INTEGER) return limit;
  const bounds = limit === Number.MAX_SAFE_INTEGER ? '0 or more' : `from 0 to ${limit}`;
  throw fault(spanOf(value, site, what), 'CAB2022', `${what} must be ${bounds}, and is ${integer}`);
}

export type Numeric = number | bigint | Float;

export function isNumeric(value: Value): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
}

export function numericOf(value: Value, site: Site, what: string): Numeric {
  if (isNumeric(value)) return value;
  throw mismatch(value, site, what, 'a number');
}

export { mismatch } from './mismatch.ts';
