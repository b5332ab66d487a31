import { unreachable } from '../../foundation/index.ts';
import { Attributes } from './attributes.ts';
import { BuiltinFunction } from './builtin.ts';
import { DerivationValue } from './derivation-value.ts';
import { Lambda } from './lambda.ts';
import { ContextString, Float, IslandReference, PathValue, type Value, isList } from './value.ts';

/** The types as `typeOf` names them. A builtin function is a lambda like any other. */
export type TypeName =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'float'
  | 'string'
  | 'path'
  | 'island'
  | 'list'
  | 'attributes'
  | 'lambda'
  | 'derivation';

export function typeNameOf(value: Value): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number' || typeof value === 'bigint') return 'integer';
  if (typeof value === 'string' || value instanceof ContextString) return 'string';
  if (isList(value)) return 'list';
  if (value instanceof Attributes) return 'attributes';
  if (value instanceof Lambda || value instanceof BuiltinFunction) return 'lambda';
  if (value instanceof DerivationValue) return 'derivation';
  if (value instanceof PathValue) return 'path';
  if (value instanceof IslandReference) return 'island';
  if (value instanceof Float) return 'float';
  return unreachable(value);
}

const phrases: Readonly<Record<TypeName, string>> = {
  null: 'null',
  boolean: 'a boolean',
  integer: 'an integer',
  float: 'a float',
  string: 'a string',
  path: 'a path',
  island: 'an island',
  list: 'a list',
  attributes: 'attributes',
  lambda: 'a function',
  derivation: 'a derivation',
};

/** The type as messages speak of it: `an integer`. */
export function phraseOf(value: Value): string {
  return phrases[typeNameOf(value)];
}
