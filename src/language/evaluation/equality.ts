import { Attributes } from './attributes.ts';
import { compareNumbers } from './arithmetic.ts';
import { isString, textOf } from './context.ts';
import { DerivationValue } from './derivation-value.ts';
import { isNumeric } from './expect.ts';
import { forceBoth } from './force-both.ts';
import { IslandReference, PathValue, type Slot, type Value, isList } from './value.ts';

/**
 * Structural equality. Strings are equal by their text, derivations by id, islands by key, an integer and a float by what they
 * amount to. A function equals nothing, itself included.
 */
export function equal(left: Value, right: Value): boolean {
  if (isNumeric(left)) return isNumeric(right) && compareNumbers(left, right) === 0;
  if (isString(left)) return isString(right) && textOf(left) === textOf(right);
  if (left === null || typeof left === 'boolean') return left === right;
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return false;
    return left.every((slot, index) => equalSlots(slot, right[index] as Slot));
  }
  if (left instanceof Attributes) return right instanceof Attributes && equalAttributes(left, right);
  if (left instanceof DerivationValue) {
    return right instanceof DerivationValue && (left === right || left.derivation.id === right.derivation.id);
  }
  if (left instanceof PathValue) {
    return right instanceof PathValue && left.root.key === right.root.key && left.path === right.path;
  }
  if (left instanceof IslandReference) {
    return right instanceof IslandReference && left.island.key === right.island.key;
  }
  return false;
}

function equalAttributes(left: Attributes, right: Attributes): boolean {
  if (left.size !== right.size) return false;
  const names = left.names();
  if (!names.every((name) => right.has(name))) return false;
  return names.every((name) => equalSlots(left.get(name) as Slot, right.get(name) as Slot));
}

function equalSlots(left: Slot, right: Slot): boolean {
  const [first, second] = forceBoth(left, right);
  return equal(first, second);
}
