import { isString, textOf } from './context.ts';
import { equal } from './equality.ts';
import { Float, type Value } from './value.ts';

/** A set of values under the equality of the language: strings and numbers are looked up, others compared one by one. */
export class ValueSet {
  readonly #plain = new Set<string | number>();
  readonly #others: Value[] = [];

  has(value: Value): boolean {
    const plain = plainOf(value);
    if (typeof plain === 'string' || typeof plain === 'number') return this.#plain.has(plain);
    return this.#others.some((other) => equal(other, value));
  }

  /** Adds the value, and says whether it was new. */
  add(value: Value): boolean {
    const plain = plainOf(value);
    if (typeof plain === 'string' || typeof plain === 'number') {
      if (this.#plain.has(plain)) return false;
      this.#plain.add(plain);
      return true;
    }
    if (this.#others.some((other) => equal(other, value))) return false;
    this.#others.push(value);
    return true;
  }
}

/** An integer equals the float of the same amount, so both are looked up as numbers. */
function plainOf(value: Value): Value {
  if (isString(value)) return textOf(value);
  return value instanceof Float && Number.isSafeInteger(value.value) ? value.value : value;
}
