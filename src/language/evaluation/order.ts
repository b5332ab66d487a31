import { compareCodePoints } from '../../foundation/index.ts';
import { compareNumbers } from './arithmetic.ts';
import { isString, textOf } from './context.ts';
import { equal } from './equality.ts';
import { isNumeric } from './expect.ts';
import { type Site, fault } from './fault.ts';
import { forceBoth } from './force-both.ts';
import { describe } from './describe.ts';
import { phraseOf } from './types.ts';
import { type List, type Slot, type Value, isList } from './value.ts';

/** Below, at or above zero as `left` comes before, with or after `right`: numbers, strings by code point, lists by their first difference. */
export function compare(left: Value, right: Value, site: Site): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right);
  if (isString(left) && isString(right)) return compareCodePoints(textOf(left), textOf(right));
  if (isList(left) && isList(right)) return compareLists(left, right, site);
  const same = phraseOf(left) === phraseOf(right);
  const message = same
    ? `two values cannot be ordered where each is ${phraseOf(left)}`
    : `${describe(left)} and ${describe(right)} cannot be ordered`;
  throw fault(site.span, 'CAB2018', message, { hint: 'numbers, strings and lists of them have an order' });
}

function compareLists(left: List, right: List, site: Site): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = forceBoth(left[index] as Slot, right[index] as Slot);
    if (!equal(a, b)) return compare(a, b, site);
  }
  return left.length - right.length;
}
