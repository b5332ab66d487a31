import type { Span } from '../../diagnostics/index.ts';
import { Attributes } from './attributes.ts';
import { BuiltinFunction, builtinNamed } from './builtin.ts';
import { isString } from './context.ts';
import { describe } from './describe.ts';
import { type Site, fault } from './fault.ts';
import { Lambda } from './lambda.ts';
import type { WrittenKind } from './call-place.ts';
import { Float, type Value, isList } from './value.ts';

/** The error of a value of another type than is needed. `what` is its name: `the list of 'map'`; `wanted` the type: `a list`. */
export function mismatch(value: Value, site: Site, what: string, wanted: string): Error {
  const builtin = builtinOf(what);
  const signature = builtin === undefined ? undefined : builtinNamed(builtin)?.signature;
  return fault(spanOf(value, site, what), 'CAB2004', `${what} must be ${wanted}, and is ${describe(value)}`, {
    ...(signature === undefined ? {} : { notes: [`${builtin} : ${signature}`] }),
    hint: hintFor(value, what, wanted),
  });
}

/** The place of a value that `what` names: that of an argument, where it can only be one of them, else that of the whole call. */
export function spanOf(value: Value, site: Site, what: string): Span | undefined {
  const builtin = builtinOf(what);
  return (builtin === undefined ? undefined : argumentOf(site, builtin, value)) ?? site.span;
}

/** The builtin that the value's name speaks of. */
function builtinOf(what: string): string | undefined {
  return / of '([A-Za-z]+)'/.exec(what)?.[1];
}

/**
 * The place of the argument that the value is of, where the site is a call of that builtin and only one of its arguments can have
 * such a value, as far as that can be seen.
 */
function argumentOf(site: Site, builtin: string, value: Value): Span | undefined {
  const { call } = site;
  if (call === undefined || call.callee !== builtin) return undefined;
  const possible = call.arguments.filter(({ kind }) => kind === undefined || kind === kindOf(value));
  return possible.length === 1 ? possible[0]?.span : undefined;
}

function kindOf(value: Value): WrittenKind {
  if (typeof value === 'number' || typeof value === 'bigint') return 'integer';
  if (value instanceof Float) return 'float';
  if (isString(value)) return 'string';
  if (isList(value)) return 'list';
  if (value instanceof Attributes) return 'attributes';
  return value instanceof Lambda ? 'lambda' : 'other';
}

function hintFor(value: Value, what: string, wanted: string): string | undefined {
  if (value instanceof BuiltinFunction) return argumentsOf(value);
  if (value instanceof Lambda) return what.includes(" of '") ? undefined : 'an argument may be missing';
  switch (wanted) {
    case 'a boolean':
      return hintForBoolean(value, what);
    case 'a list':
      return hintForList(value, what);
    case 'attributes':
      return hintForAttributes(value, what);
    case 'an integer':
      return value instanceof Float ? 'toInteger gives the integer of a float' : hintForNumber(value);
    case 'a number':
      return hintForNumber(value);
    case 'a string':
      return value instanceof Float || typeof value === 'number'
        ? 'toString makes a string of it'
        : undefined;
    default:
      return undefined;
  }
}

function argumentsOf({ definition, applied }: BuiltinFunction): string {
  const { name, arity } = definition;
  return `'${name}' takes ${arity === 1 ? 'one argument' : `${arity} arguments`}, and gets ${applied.length === 0 ? 'none' : applied.length}`;
}

function hintForBoolean(value: Value, what: string): string | undefined {
  if (what.includes("'||'") || what.includes("'or'"))
    return 'a value in the place of null is written if x == null then … else x, in that of a missing attribute a.b or …';
  if (value === null) return 'compare it, as in x != null';
  if (isString(value)) return 'compare it, as in x != ""';
  if (isList(value)) return 'compare it, as in x != [ ]';
  if (value instanceof Attributes) return 'compare it, as in x != { }';
  return typeof value === 'number' ? 'compare it, as in x != 0' : undefined;
}

function hintForList(value: Value, what: string): string | undefined {
  if (what.endsWith(" of '++'")) {
    if (isString(value)) return "strings are joined with '+'";
    if (value instanceof Attributes) return "attributes are joined with '//'";
    return value === null ? undefined : 'put it into a list: [ x, ]';
  }
  if (what.includes("'length'") && isString(value)) return 'stringLength tells the length of a string';
  if (value instanceof Attributes) return 'attributeValues and attributeNames make lists of attributes';
  return undefined;
}

function hintForAttributes(value: Value, what: string): string | undefined {
  if (!what.includes("'//'")) return undefined;
  if (isList(value)) return "lists are joined with '++'";
  return typeof value === 'number' ? "a division is written with one '/'" : undefined;
}

function hintForNumber(value: Value): string | undefined {
  return isString(value) ? 'toInteger and toFloat read a number from a string' : undefined;
}
