import { unreachable } from '../../../../src/foundation/index.ts';
import type { BinaryExpression, BinaryOperator } from '../../../../src/language/syntax/index.ts';
import { type Cell, Double, Failure, OutOfFuel, type Place, type Value } from './value.ts';
import { compareTexts, inOrder, isList, isNumber } from './value.ts';

/** What a value must not grow beyond, so that no random program takes the machine's memory. */
const limits = { integer: 1n << 3000n, length: 30_000 };

/** The operators that need both their operands. */
export function applyOperator(
  operator: Exclude<BinaryOperator, '->' | '||' | '&&'>,
  left: Value,
  right: Value,
  at: Pick<BinaryExpression, 'left' | 'right'> & Place,
): Value {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return compare(left, right, at) < 0;
    case '<=':
      return compare(left, right, at) <= 0;
    case '>':
      return compare(left, right, at) > 0;
    case '>=':
      return compare(left, right, at) >= 0;
    case '//':
      return new Map([...mapOf(left, at.left), ...mapOf(right, at.right)]);
    case '++':
      return bounded([...listOf(left, at.left), ...listOf(right, at.right)]);
    case '+':
      return isNumber(left) && isNumber(right) ? arithmetic('+', left, right, at) : addTexts(left, right, at);
    case '-':
    case '*':
    case '/':
      return arithmetic(operator, numberOf(left, at.left), numberOf(right, at.right), at);
    default:
      return unreachable(operator);
  }
}

function arithmetic(
  operator: '+' | '-' | '*' | '/',
  left: bigint | Double,
  right: bigint | Double,
  at: Pick<BinaryExpression, 'right'> & Place,
): Value {
  if (operator === '/' && doubleOf(right) === 0) throw new Failure('CAB2012', at.right);
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    const results = { '+': left + right, '-': left - right, '*': left * right };
    const result = operator === '/' ? left / right : results[operator];
    if (result > limits.integer || result < -limits.integer) throw new OutOfFuel();
    return result;
  }
  const [a, b] = [doubleOf(left), doubleOf(right)];
  const result = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator];
  if (!Number.isFinite(result)) throw new Failure('CAB2012', at);
  return new Double(result);
}

function addTexts(left: Value, right: Value, at: Pick<BinaryExpression, 'left' | 'right'> & Place): Value {
  if (typeof left === 'string' && typeof right === 'string') return bounded(left + right);
  if (typeof left === 'string') throw new Failure('CAB2004', at.right);
  const isAddend = typeof right === 'string' && !isNumber(left);
  throw new Failure('CAB2004', isAddend ? at.left : at);
}

function doubleOf(value: bigint | Double): number {
  return typeof value === 'bigint' ? Number(value) : value.value;
}

/** Structural equality, which evaluates no more than it needs. */
export function equal(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return amount(left) == amount(right);
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((cell, index) => same(cell, right[index]));
  }
  if (left instanceof Map && right instanceof Map) {
    const names = inOrder(left);
    const isAlike = left.size === right.size && names.every(([name]) => right.has(name));
    return isAlike && names.every(([name, cell]) => same(cell, right.get(name) as Cell));
  }
  return left === right && (left === null || typeof left !== 'object');
}

function same(left: Cell, right: Cell | undefined): boolean {
  return right !== undefined && equal(left.force(), right.force());
}

/** JavaScript compares big integers and doubles by what they amount to. */
function amount(value: bigint | Double): bigint | number {
  return value instanceof Double ? value.value : value;
}

/** Below, at or above zero. */
export function compare(left: Value, right: Value, place: Place): number {
  if (isNumber(left) && isNumber(right)) {
    return amount(left) < amount(right) ? -1 : amount(left) > amount(right) ? 1 : 0;
  }
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (!isList(left) || !isList(right)) throw new Failure('CAB2018', place);
  for (const [index, cell] of left.entries()) {
    const other = right[index];
    if (other === undefined) break;
    const [a, b] = [cell.force(), other.force()];
    if (!equal(a, b)) return compare(a, b, place);
  }
  return left.length - right.length;
}

export function bounded<T extends string | readonly Cell[]>(value: T): T {
  if (value.length > limits.length) throw new OutOfFuel();
  return value;
}

export function listOf(value: Value, place: Place): readonly Cell[] {
  if (isList(value)) return value;
  throw new Failure('CAB2004', place);
}

export function mapOf(value: Value, place: Place): ReadonlyMap<string, Cell> {
  if (value instanceof Map) return value as ReadonlyMap<string, Cell>;
  throw new Failure('CAB2004', place);
}

export function numberOf(value: Value, place: Place): bigint | Double {
  if (isNumber(value)) return value;
  throw new Failure('CAB2004', place);
}

export function booleanOf(value: Value, place: Place): boolean {
  if (typeof value === 'boolean') return value;
  throw new Failure('CAB2004', place);
}

export function stringOf(value: Value, place: Place): string {
  if (typeof value === 'string') return value;
  throw new Failure('CAB2004', place);
}
