import type { BinaryOperator, Expression, Parameter } from '../expression.ts';
import type { View } from './view.ts';

export function viewLambda(view: View, node: number): Expression | undefined {
  const bodyNode = view.lastOperand(node);
  const parameterNode = view.operandBefore(bodyNode, node);
  if (parameterNode === -1) return undefined;
  const parameter = view.seen[parameterNode] as Parameter | undefined;
  const body = view.expression(bodyNode);
  if (parameter === undefined || body === undefined) return undefined;
  return { kind: 'lambda', parameter, body, start: view.startOf(node), end: view.endOf(node) };
}

export function viewIf(view: View, node: number): Expression | undefined {
  const third = view.lastOperand(node);
  const second = view.operandBefore(third, node);
  const condition = view.expression(view.operandBefore(second, node));
  const whenTrue = view.expression(second);
  const whenFalse = view.expression(third);
  if (condition === undefined || whenTrue === undefined || whenFalse === undefined) return undefined;
  return { kind: 'if', condition, whenTrue, whenFalse, start: view.startOf(node), end: view.endOf(node) };
}

export function viewApplication(view: View, node: number): Expression | undefined {
  const last = view.lastOperand(node);
  const called = view.expression(view.operandBefore(last, node));
  const argument = view.expression(last);
  if (called === undefined || argument === undefined) return undefined;
  return { kind: 'apply', function: called, argument, start: view.startOf(node), end: view.endOf(node) };
}

export function viewPipe(view: View, node: number): Expression | undefined {
  const last = view.lastOperand(node);
  const left = view.expression(view.operandBefore(last, node));
  const right = view.expression(last);
  if (left === undefined || right === undefined) return undefined;
  const isForward = signOf(view, node) === '|>';
  return {
    kind: 'apply',
    function: isForward ? right : left,
    argument: isForward ? left : right,
    start: view.startOf(node),
    end: view.endOf(node),
  };
}

export function viewBinary(view: View, node: number): Expression | undefined {
  const last = view.lastOperand(node);
  const left = view.expression(view.operandBefore(last, node));
  const right = view.expression(last);
  if (left === undefined || right === undefined) return undefined;
  const sign = signOf(view, node);
  return {
    kind: 'binary',
    // A single `=` was reported and stands for the comparison it was meant as.
    operator: sign === '=' ? '==' : (sign as BinaryOperator),
    operatorStart: view.tokens.startOf(view.nodes.signs[node] as number),
    left,
    right,
    start: view.startOf(node),
    end: view.endOf(node),
  };
}

export function viewUnary(view: View, node: number): Expression | undefined {
  const operand = view.expression(view.lastOperand(node));
  if (operand === undefined) return undefined;
  const operator = signOf(view, node) as '!' | '-';
  return { kind: 'unary', operator, operand, start: view.startOf(node), end: view.endOf(node) };
}

export function viewList(view: View, node: number): Expression | undefined {
  const elements: Expression[] = [];
  for (let part = view.lastOperand(node); part !== -1; part = view.operandBefore(part, node)) {
    const element = view.expression(part);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return { kind: 'list', elements: elements.toReversed(), start: view.startOf(node), end: view.endOf(node) };
}

/** The operator of a node. */
function signOf(view: View, node: number): string {
  return view.tokens.kindOf(view.nodes.signs[node] as number);
}
