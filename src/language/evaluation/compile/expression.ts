import { unreachable } from '../../../foundation/index.ts';
import type { AttributeKey, Expression } from '../../syntax/index.ts';
import { booleanOf } from '../expect.ts';
import { Lambda } from '../lambda.ts';
import type { Scope } from '../scope.ts';
import { type Code, Thunk } from '../thunk.ts';
import { Float, type Slot } from '../value.ts';
import { compileApply } from './apply.ts';
import { compileAtHand } from './at-hand.ts';
import { compileAttributes, compileLet } from './attributes.ts';
import { compileBinary, compileUnary } from './operators.ts';
import { compileHasAttribute, compileSelect } from './select.ts';
import { compileIsland, compilePath, compileString } from './text.ts';
import { TextUnit } from './text-unit.ts';
import { type Later, compileAlias, compileName, compileVariable, slotOf } from './variables.ts';

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
      const code = scope.lambda(expression);
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
      return (frame) => {
        const slots: Slot[] = [];
        for (let index = 0; index < elements.length; index++)
          slots.push(slotOf(elements[index] as Later, frame));
        return slots;
      };
    }
    case 'attributes':
      return compileAttributes(expression, scope);
    default:
      return unreachable(expression);
  }
}

/** Compiles what is bound while its frame may not be complete. `about` is its step in a trace, empty for none. */
export function compileBound(expression: Expression, scope: Scope, about: string | AttributeKey = ''): Later {
  if (expression.kind !== 'name') return compileLater(expression, scope, about);
  if (scope.resolve(expression.name).kind === 'global') return compileVariable(expression.name, scope);
  return compileAlias(expression.name, scope, new TextUnit(expression, scope, about));
}

/** Compiles an expression that may not be needed, such as an argument. */
export function compileArgument(
  expression: Expression,
  scope: Scope,
  about: string | AttributeKey = '',
): Later {
  return expression.kind === 'name'
    ? compileVariable(expression.name, scope)
    : compileLater(expression, scope, about);
}

function compileLater(expression: Expression, scope: Scope, about: string | AttributeKey): Later {
  const { kind } = expression;
  if (kind === 'integer') return expression.value;
  if (kind === 'string' && expression.parts.length < 2) {
    const [text = ''] = expression.parts;
    if (typeof text === 'string') return text;
  }
  if (isMadeAtOnce(expression)) return compile(expression, scope);
  const unit = new TextUnit(expression, scope, about);
  const atHand = compileAtHand(expression, scope);
  if (atHand === undefined) return unit;
  return (frame) => {
    const value = atHand(frame);
    return value === undefined ? new Thunk(unit, frame) : value;
  };
}

/** Whether there is nothing to evaluate, so that a thunk would be a waste. */
export function isMadeAtOnce(expression: Expression): boolean {
  if (expression.kind === 'string') return expression.parts.every((part) => typeof part === 'string');
  return expression.kind === 'integer' || expression.kind === 'float' || expression.kind === 'lambda';
}

function constant(value: Float | number | bigint): Code {
  return () => value;
}
