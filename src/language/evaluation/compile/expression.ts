import { unreachable } from '../../../foundation/index.ts';
import type { Expression } from '../../syntax/index.ts';
import { Lambda, LambdaCode } from '../lambda.ts';
import type { Scope } from '../scope.ts';
import { type Code, type Frame, Thunk, force, placeCode } from '../thunk.ts';
import { Float, type Slot } from '../value.ts';
import { compileApply } from './apply.ts';
import { compileAttributes, compileLet } from './attributes.ts';
import { compileIsland, compilePath, compileString } from './text.ts';
import { compileBinary, compileUnary } from './operators.ts';
import { compileHasAttribute, compileSelect } from './select.ts';
import { booleanOf } from '../expect.ts';

/** Turns an expression into a closure over the places of its variables. Bodies of functions wait for their first call. */
export function compile(expression: Expression, scope: Scope): Code {
  switch (expression.kind) {
    case 'name':
      return compileName(expression.name, scope);
    case 'integer':
      return constant(expression.value);
    case 'float':
      return constant(new Float(expression.value));
    case 'string':
      return compileString(expression, scope);
    case 'path':
      return compilePath(expression, scope);
    case 'island':
      return compileIsland(expression, scope);
    case 'lambda': {
      const code = new LambdaCode(expression, scope);
      return (frame) => new Lambda(code, frame);
    }
    case 'let':
      return compileLet(expression, scope);
    case 'if': {
      const condition = compile(expression.condition, scope);
      const whenTrue = compile(expression.whenTrue, scope);
      const whenFalse = compile(expression.whenFalse, scope);
      const site = scope.file.siteOf(expression.condition);
      return (frame) =>
        booleanOf(condition(frame), site, "the condition of 'if'") ? whenTrue(frame) : whenFalse(frame);
    }
    case 'apply':
      return compileApply(expression, scope);
    case 'binary':
      return compileBinary(expression, scope);
    case 'unary':
      return compileUnary(expression, scope);
    case 'has-attribute':
      return compileHasAttribute(expression, scope);
    case 'select':
      return compileSelect(expression, scope);
    case 'list': {
      const elements = expression.elements.map((element) => compileArgument(element, scope));
      return (frame) => elements.map((element) => element(frame));
    }
    case 'attributes':
      return compileAttributes(expression, scope);
    default:
      return unreachable(expression);
  }
}

/** Code that gives an expression's value where it is at hand, and a thunk where there is something to evaluate. */
export type LaterCode = (frame: Frame) => Slot;

/** Compiles an expression that may not be needed. `message` is its step in a trace, empty for none. */
export function compileLater(expression: Expression, scope: Scope, message = ''): LaterCode {
  if (isAtHand(expression)) return compile(expression, scope);
  if (expression.kind === 'name') {
    const found = scope.resolve(expression.name);
    // A variable is not copied: its frame may not be complete while a `let` or a `self` is being set up.
    if (found.kind === 'global') return () => found.slot;
  }
  const code = placeCode(compile(expression, scope), { span: scope.file.spanOf(expression), message });
  return (frame) => new Thunk(code, frame);
}

/** Whether there is nothing to evaluate, so that a thunk would be a waste. */
function isAtHand(expression: Expression): boolean {
  if (expression.kind === 'string') return expression.parts.every((part) => typeof part === 'string');
  return expression.kind === 'integer' || expression.kind === 'float' || expression.kind === 'lambda';
}

/** Compiles an argument: as `compileLater`, and a variable is handed on as it is. */
export function compileArgument(expression: Expression, scope: Scope, message = ''): LaterCode {
  if (expression.kind !== 'name') return compileLater(expression, scope, message);
  const found = scope.resolve(expression.name);
  if (found.kind === 'global') return () => found.slot;
  const { depth, index } = found;
  if (depth === 0) return (frame) => frame[index] as Slot;
  return (frame) => outward(frame, depth)[index] as Slot;
}

function constant(value: Float | number | bigint): Code {
  return () => value;
}

function compileName(name: string, scope: Scope): Code {
  const found = scope.resolve(name);
  if (found.kind === 'global') {
    const { slot } = found;
    return () => force(slot);
  }
  const { depth, index } = found;
  if (depth === 0) return (frame) => forceAt(frame, index);
  if (depth === 1) return (frame) => forceAt(frame[0] as Frame, index);
  return (frame) => forceAt(outward(frame, depth), index);
}

/** The value of a variable, which takes the place of its thunk. */
function forceAt(frame: Frame, index: number) {
  const slot = frame[index] as Slot;
  if (!(slot instanceof Thunk)) return slot;
  const value = slot.force();
  frame[index] = value;
  return value;
}

function outward(frame: Frame, depth: number): Frame {
  let outer = frame;
  for (let step = 0; step < depth; step++) outer = outer[0] as Frame;
  return outer;
}
