import { once } from '../../../foundation/index.ts';
import { divide, multiply, negate, subtract } from '../arithmetic.ts';
import type { AttributeFinder } from '../attribute-finder.ts';
import { Attributes } from '../attributes.ts';
import { call, callThree, callTwo } from '../call.ts';
import { annotateCall } from '../compile/apply.ts';
import { addValues, joinLists, updateValues } from '../compile/operators.ts';
import { equal } from '../equality.ts';
import { booleanOf } from '../expect.ts';
import type { Site } from '../fault.ts';
import { interpolateValues, toText } from '../interpolate.ts';
import { Lambda } from '../lambda.ts';
import { compare } from '../order.ts';
import { missingAttribute } from '../select.ts';
import { Thunk, force, notYetThere } from '../thunk.ts';
import type { Slot, Value } from '../value.ts';
import { EffectNeeded } from '../world.ts';
import type { Demotable } from './function-writer.ts';

/** What the text of a promoted function calls by name. It is gathered late, since what it names asks for promotion. */
export const runtimeOfPromoted = once(() => ({
  Attributes,
  Lambda,
  Thunk,
  addValues,
  annotatedCall,
  booleanOf,
  call,
  callThree,
  callTwo,
  compare,
  divide,
  equal,
  force,
  interpolateValues,
  joinLists,
  multiply,
  negate,
  notYetThere,
  selectSlot,
  subtract,
  toText,
  updateValues,
}));

interface CallSite {
  readonly site: Site;
  readonly title: string;
}

/** The error with the place of the call that was going on, if one was. */
function annotatedCall(
  error: unknown,
  sites: readonly CallSite[],
  number: number,
  owner: Demotable,
): unknown {
  if (error instanceof EffectNeeded) {
    owner.demote();
    return error;
  }
  const found = sites[number - 1];
  return found === undefined ? error : annotateCall(error, found.site, found.title);
}

/** The value of an attribute that is missing or has yet to be evaluated. */
function selectSlot(value: Value, slot: Slot | undefined, finder: AttributeFinder, site: Site): Value {
  if (slot === undefined) throw missingAttribute(value, finder.name, site);
  const selected = force(slot);
  finder.keep(value, selected);
  return selected;
}
