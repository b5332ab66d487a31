import { BuiltinFunction } from './builtin.ts';
import { isString, textOf } from './context.ts';
import { Lambda } from './lambda.ts';
import { showFloat, showString } from './show.ts';
import { phraseOf } from './types.ts';
import { Attributes } from './attributes.ts';
import { Float, type Value, isList } from './value.ts';

/** How many characters of a string, or digits, a message shows. */
const shownLength = 40;

/** A value as messages speak of it: itself where it is short, as in `the string "abc"`, else its type. Evaluates nothing. */
export function describe(value: Value): string {
  if (isString(value)) return `the string ${shortened(textOf(value))}`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  if (value instanceof Float) return `the float ${showFloat(value.value)}`;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const digits = String(value);
    return digits.length > shownLength ? 'an integer' : `the integer ${digits}`;
  }
  if (isList(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value instanceof Attributes) return value.size === 0 ? 'empty attributes' : 'attributes';
  const lacking = lackingArguments(value);
  return lacking === undefined ? phraseOf(value) : `a function that still lacks ${lacking}`;
}

/** What a function lacks that has got some of its arguments: `an argument`; undefined for everything else. */
function lackingArguments(value: Value): string | undefined {
  const got = value instanceof BuiltinFunction || value instanceof Lambda ? (value.applied?.length ?? 0) : 0;
  if (got === 0) return undefined;
  const arity = value instanceof BuiltinFunction ? value.definition.arity : (value as Lambda).code.arity;
  return arity - got === 1 ? 'an argument' : `${arity - got} arguments`;
}

function shortened(text: string): string {
  return text.length > shownLength
    ? `${showString(text.slice(0, shownLength)).slice(0, -1)}…"`
    : showString(text);
}
