import { Attributes } from './attributes.ts';
import { DerivationValue } from './derivation-value.ts';
import { allOf } from './fork.ts';
import { force } from './thunk.ts';
import { type Slot, type Value, isList } from './value.ts';

/** Evaluates the value and everything in it, what is known to be in itself only once. */
export function forceDeep(slot: Slot): Value {
  const value = force(slot);
  forceWithin(value, new Set());
  return value;
}

function forceWithin(value: Value, seen: Set<Value>): void {
  const isContainer = isList(value) || value instanceof Attributes || value instanceof DerivationValue;
  if (!isContainer || seen.has(value)) return;
  seen.add(value);
  if (value instanceof DerivationValue) {
    void value.derivation;
    return;
  }
  allOf(isList(value) ? value : value.values(), (slot) => forceWithin(force(slot), seen));
}
