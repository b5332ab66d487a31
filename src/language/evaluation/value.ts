import type { Attributes } from './attributes.ts';
import type { BuiltinFunction } from './builtin.ts';
import type { Context } from './context.ts';
import type { DerivationValue } from './derivation-value.ts';
import type { Lambda } from './lambda.ts';
import type { Thunk } from './thunk.ts';
import type { IslandValue, Root, TreePath } from './world.ts';

/**
 * What an expression can come out as. Integers are numbers while those are exact and big integers beyond, floats are
 * boxed; a string is a plain one unless it has context.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | ContextString
  | PathValue
  | IslandReference
  | List
  | Attributes
  | Lambda
  | BuiltinFunction
  | DerivationValue;

/** Where a value is kept that may not have been needed yet. */
export type Slot = Value | Thunk;

export type List = readonly Slot[];

/** An IEEE double. Always finite: what would not be is an error where it is computed. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A string with a context that is not empty; made by `withContext` only. */
export class ContextString {
  readonly text: string;
  readonly context: Context;

  constructor(text: string, context: Context) {
    this.text = text;
    this.context = context;
  }
}

/** A path: `path` is normalised and absolute within its root. */
export class PathValue implements TreePath {
  readonly root: Root;
  readonly path: string;

  constructor(root: Root, path: string) {
    this.root = root;
    this.path = path;
  }
}

export class IslandReference {
  readonly island: IslandValue;

  constructor(island: IslandValue) {
    this.island = island;
  }
}

export function isList(value: Slot): value is List {
  return Array.isArray(value);
}
