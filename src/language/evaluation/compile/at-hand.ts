import type { BinaryOperator, Expression } from '../../syntax/index.ts';
import type { Scope } from '../scope.ts';
import { type Frame, Thunk } from '../thunk.ts';
import type { Slot } from '../value.ts';
import { outward } from './variables.ts';

/** Gives a value where it can be had without evaluating anything, and undefined where that is not so. */
export type AtHand = (frame: Frame) => Slot | undefined;

/** How many parts an expression may have to be tried out before a thunk is made for it. */
const maximumParts = 12;

/**
 * Arithmetic and comparisons of numbers cost less than a thunk, and can neither fail nor go on for ever. So where the operands
 * are numbers already, the result is computed in its place.
 */
export function compileAtHand(expression: Expression, scope: Scope): AtHand | undefined {
  return isTried(expression) ? compileOperation(expression, scope) : undefined;
}

/** The same for the result of a function, which may be a variable or number as it is. */
export function compileResult(expression: Expression, scope: Scope): AtHand | undefined {
  return isResultTried(expression) ? compileOperation(expression, scope) : undefined;
}

export function isResultTried(expression: Expression): boolean {
  return expression.kind === 'name' || expression.kind === 'integer' || isTried(expression);
}

/** Whether the expression is arithmetic that is tried out. */
export function isTried(expression: Expression): boolean {
  return expression.kind === 'binary' && countParts(expression, 0) <= maximumParts;
}

/** The number of names, integers and operators, or infinity where there is anything else. */
export function countParts(expression: Expression, before: number): number {
  if (before > maximumParts) return Number.POSITIVE_INFINITY;
  if (expression.kind === 'name' || expression.kind === 'integer') return before + 1;
  if (expression.kind !== 'binary' || operations[expression.operator] === undefined)
    return Number.POSITIVE_INFINITY;
  return countParts(expression.right, countParts(expression.left, before + 1));
}

type Operation = (left: number, right: number) => Slot | undefined;

const exact = (value: number): number | undefined => (Number.isSafeInteger(value) ? value : undefined);

const operations: Partial<Record<BinaryOperator, Operation>> = {
  '+': (left, right) => exact(left + right),
  '-': (left, right) => exact(left - right),
  '*': (left, right) => exact(left * right + 0),
  '/': (left, right) => (right === 0 ? undefined : Math.trunc(left / right) + 0),
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

function compileOperation(expression: Expression, scope: Scope): AtHand | undefined {
  if (expression.kind === 'integer') return () => expression.value;
  if (expression.kind === 'name') return compileKnown(expression.name, scope);
  if (expression.kind !== 'binary') return undefined;
  const left = compileOperation(expression.left, scope);
  const right = compileOperation(expression.right, scope);
  const operation = operations[expression.operator];
  if (left === undefined || right === undefined || operation === undefined) return undefined;
  return (frame) => {
    const a = left(frame);
    if (typeof a !== 'number') return undefined;
    const b = right(frame);
    return typeof b === 'number' ? operation(a, b) : undefined;
  };
}

function compileKnown(name: string, scope: Scope): AtHand | undefined {
  const found = scope.resolve(name);
  if (found.kind === 'global') return undefined;
  const { depth, index } = found;
  if (depth === 0) return (frame) => known(frame[index] as Slot | undefined);
  return (frame) => known(outward(frame, depth)[index] as Slot | undefined);
}

/** A variable's value, if it has been evaluated. */
function known(slot: Slot | undefined): Slot | undefined {
  if (!(slot instanceof Thunk)) return slot;
  return slot.unit === undefined ? (slot.content as Slot) : undefined;
}
