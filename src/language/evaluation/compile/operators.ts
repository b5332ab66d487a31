import { unreachable } from '../../../foundation/index.ts';
import type { BinaryExpression, BinaryOperator, UnaryExpression } from '../../syntax/index.ts';
import { type OperandSites, add, divide, multiply, negate, subtract } from '../arithmetic.ts';
import type { Attributes } from '../attributes.ts';
import { concatenate } from '../concatenate.ts';
import { DerivationValue } from '../derivation-value.ts';
import { equal } from '../equality.ts';
import { attributesOf, booleanOf, isNumeric, listOf } from '../expect.ts';
import { type Site, fault } from '../fault.ts';
import { askToo } from '../fork.ts';
import { compare } from '../order.ts';
import type { Scope } from '../scope.ts';
import type { Code } from '../thunk.ts';
import type { Value } from '../value.ts';
import { compile } from './expression.ts';

/** `left operator right`. Errors of an operand's type have the operand as their place, others the whole. */
export function compileBinary(expression: BinaryExpression, scope: Scope): Code {
  const left = compile(expression.left, scope);
  const right = compile(expression.right, scope);
  const { operator } = expression;
  const sites = operandSites(expression, scope);
  switch (operator) {
    case '->':
    case '||':
    case '&&':
      return compileLogical(operator, left, right, sites);
    case '+':
      return onBoth(left, right, (a, b) => addValues(a, b, sites));
    case '-':
      return onBoth(left, right, (a, b) => subtract(a, b, sites));
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
    case '//':
    case '++':
    case '*':
    case '/':
      return onBoth(left, right, operation(operator, sites));
    default:
      return unreachable(operator);
  }
}

/** Both operands are needed: if the left one waits for an effect, the right one asks for its own. */
function onBoth(left: Code, right: Code, apply: (left: Value, right: Value) => Value): Code {
  return (frame) => {
    let first: Value;
    try {
      first = left(frame);
    } catch (error) {
      throw askToo(error, right, frame);
    }
    return apply(first, right(frame));
  };
}

export function operandSites(expression: BinaryExpression, { file }: Scope): OperandSites {
  return {
    whole: file.siteOf(expression),
    left: file.siteOf(expression.left),
    right: file.siteOf(expression.right),
  };
}

type EagerOperator = Exclude<BinaryOperator, '->' | '||' | '&&' | '+' | '-'>;

function operation(operator: EagerOperator, sites: OperandSites): (left: Value, right: Value) => Value {
  switch (operator) {
    case '==':
      return (left, right) => equal(left, right);
    case '!=':
      return (left, right) => !equal(left, right);
    case '<':
      return (left, right) => compare(left, right, sites.whole) < 0;
    case '<=':
      return (left, right) => compare(left, right, sites.whole) <= 0;
    case '>':
      return (left, right) => compare(left, right, sites.whole) > 0;
    case '>=':
      return (left, right) => compare(left, right, sites.whole) >= 0;
    case '//':
      return (left, right) => updateValues(left, right, sites);
    case '++':
      return (left, right) => joinLists(left, right, sites);
    case '*':
      return (left, right) => multiply(left, right, sites);
    case '/':
      return (left, right) => divide(left, right, sites);
    default:
      return unreachable(operator);
  }
}

export function updateValues(left: Value, right: Value, sites: OperandSites): Value {
  return updatable(left, sites.left).update(updatable(right, sites.right));
}

export function joinLists(left: Value, right: Value, sites: OperandSites): Value {
  const first = listOf(left, sites.left, "the left of '++'");
  const second = listOf(right, sites.right, "the right of '++'");
  return second.length === 0 ? first : first.length === 0 ? second : first.concat(second);
}

function updatable(value: Value, site: Site): Attributes {
  if (value instanceof DerivationValue) {
    throw fault(site.span, 'CAB2004', "a derivation cannot be changed with '//'", {
      label: 'a derivation',
      hint: 'change the attributes before they are given to the function that makes the derivation',
    });
  }
  return attributesOf(value, site, "an operand of '//'");
}

/** `+` of any two values. */
export function addValues(left: Value, right: Value, sites: OperandSites): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  if (isNumeric(left) && isNumeric(right)) return add(left, right, sites.whole);
  return concatenate(left, right, sites);
}

function compileLogical(operator: '->' | '||' | '&&', left: Code, right: Code, sites: OperandSites): Code {
  const what = `an operand of '${operator}'`;
  switch (operator) {
    case '->':
      return (frame) =>
        booleanOf(left(frame), sites.left, what) ? booleanOf(right(frame), sites.right, what) : true;
    case '||':
      return (frame) =>
        booleanOf(left(frame), sites.left, what) ? true : booleanOf(right(frame), sites.right, what);
    case '&&':
      return (frame) =>
        booleanOf(left(frame), sites.left, what) ? booleanOf(right(frame), sites.right, what) : false;
    default:
      return unreachable(operator);
  }
}

export function compileUnary(expression: UnaryExpression, scope: Scope): Code {
  const operand = compile(expression.operand, scope);
  const site = scope.file.siteOf(expression.operand);
  if (expression.operator === '!') return (frame) => !booleanOf(operand(frame), site, "the operand of '!'");
  return (frame) => negate(operand(frame), site);
}
