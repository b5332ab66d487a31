import { type Numeric, isNumeric, numericOf } from './expect.ts';
import { type Site, fault } from './fault.ts';
import { Float, type Value } from './value.ts';

/** The places of an operation and its operands. */
export interface OperandSites {
  readonly whole: Site;
  readonly left: Site;
  readonly right: Site;
}

/** An integer as it is kept: a number while that is exact, without a negative zero. */
export function normaliseInteger(value: number | bigint): number | bigint {
  if (typeof value === 'number') return value + 0;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** A float, which is finite: everything else is an error here, where it comes from. */
export function makeFloat(value: number, site: Site): Float {
  if (Number.isFinite(value)) return new Float(value);
  throw fault(site.span, 'CAB2012', 'the result is no number that a float can hold');
}

/** The nearest double of a number. */
export function doubleOf(value: Numeric): number {
  return value instanceof Float ? value.value : Number(value);
}

export function add(left: Numeric, right: Numeric, site: Site): Value {
  if (left instanceof Float || right instanceof Float)
    return makeFloat(doubleOf(left) + doubleOf(right), site);
  return normaliseInteger(BigInt(left) + BigInt(right));
}

export function subtract(left: Value, right: Value, sites: OperandSites): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  const [a, b] = operands(left, right, sites, '-');
  if (a instanceof Float || b instanceof Float) return makeFloat(doubleOf(a) - doubleOf(b), sites.whole);
  return normaliseInteger(BigInt(a) - BigInt(b));
}

export function multiply(left: Value, right: Value, sites: OperandSites): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  const [a, b] = operands(left, right, sites, '*');
  if (a instanceof Float || b instanceof Float) return makeFloat(doubleOf(a) * doubleOf(b), sites.whole);
  return normaliseInteger(BigInt(a) * BigInt(b));
}

/** The quotient; of integers rounded towards zero. */
export function divide(left: Value, right: Value, sites: OperandSites): Value {
  // The quotient of two exact integers is never rounded over the next one.
  if (typeof left === 'number' && typeof right === 'number' && right !== 0)
    return Math.trunc(left / right) + 0;
  const [a, b] = operands(left, right, sites, '/');
  if (doubleOf(b) === 0)
    throw fault(sites.right.span, 'CAB2012', 'nothing can be divided by zero', { label: 'zero' });
  if (a instanceof Float || b instanceof Float) return makeFloat(doubleOf(a) / doubleOf(b), sites.whole);
  return normaliseInteger(BigInt(a) / BigInt(b));
}

/** What `divide` leaves: it has the sign of the dividend. */
export function remainder(left: number | bigint, right: number | bigint, site: Site): Value {
  if (Number(right) === 0) throw fault(site.span, 'CAB2012', 'nothing can be divided by zero');
  if (typeof left === 'number' && typeof right === 'number') return (left % right) + 0;
  return normaliseInteger(BigInt(left) % BigInt(right));
}

export function negate(value: Value, site: Site): Value {
  const operand = numericOf(value, site, "the operand of '-'");
  return operand instanceof Float ? new Float(-operand.value) : normaliseInteger(-operand);
}

/** Below, at or above zero as `left` is smaller, equal or greater: exact also between integers and floats. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  const a = left instanceof Float ? left.value : left;
  const b = right instanceof Float ? right.value : right;
  return a < b ? -1 : a > b ? 1 : 0;
}

function operands(
  left: Value,
  right: Value,
  sites: OperandSites,
  operator: string,
): readonly [Numeric, Numeric] {
  const what = `an operand of '${operator}'`;
  return [
    isNumeric(left) ? left : numericOf(left, sites.left, what),
    isNumeric(right) ? right : numericOf(right, sites.right, what),
  ];
}
