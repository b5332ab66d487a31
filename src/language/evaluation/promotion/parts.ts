import { unreachable } from '../../../foundation/index.ts';
import type { AttributeKey, Binding, Expression, Parts as TextParts } from '../../syntax/index.ts';

/** The expressions that an expression is made of. */
export interface Parts {
  /** Those that are evaluated with it, if they are evaluated at all. */
  readonly evaluated: readonly Expression[];
  /** Those that wait in it, and the bodies of functions. */
  readonly waiting: readonly Expression[];
}

export function partsOf(expression: Expression): Parts {
  switch (expression.kind) {
    case 'name':
    case 'integer':
    case 'float':
      return { evaluated: [], waiting: [] };
    case 'string':
    case 'path':
      return { evaluated: inText(expression.parts), waiting: [] };
    case 'island': {
      const { body, subtree, path } = expression;
      const text = [...inText(subtree), ...inText(path)];
      if ('kind' in body) return { evaluated: text, waiting: [body] };
      return { evaluated: [...inText(body), ...text], waiting: [] };
    }
    case 'lambda': {
      const { parameter, body } = expression;
      const fields = parameter.kind === 'pattern' ? parameter.fields : [];
      return {
        evaluated: [],
        waiting: [body, ...fields.flatMap(({ fallback }) => (fallback === undefined ? [] : [fallback]))],
      };
    }
    case 'let':
      return { evaluated: [expression.body], waiting: valuesOf(expression.bindings) };
    case 'if':
      return { evaluated: [expression.condition, expression.whenTrue, expression.whenFalse], waiting: [] };
    case 'apply':
      return { evaluated: [expression.function], waiting: [expression.argument] };
    case 'binary':
      return { evaluated: [expression.left, expression.right], waiting: [] };
    case 'unary':
      return { evaluated: [expression.operand], waiting: [] };
    case 'has-attribute':
      return { evaluated: [expression.subject, ...inPath(expression.path)], waiting: [] };
    case 'select': {
      const { subject, path, fallback } = expression;
      return {
        evaluated: [subject, ...inPath(path), ...(fallback === undefined ? [] : [fallback])],
        waiting: [],
      };
    }
    case 'list':
      return { evaluated: [], waiting: expression.elements };
    case 'attributes':
      return {
        evaluated: expression.bindings.flatMap(({ path }) => inPath(path)),
        waiting: valuesOf(expression.bindings),
      };
    default:
      return unreachable(expression);
  }
}

function valuesOf(bindings: readonly Binding[]): readonly Expression[] {
  return bindings.map(({ value }) => value);
}

function inPath(path: readonly AttributeKey[]): readonly Expression[] {
  return path.flatMap(({ parts }) => inText(parts));
}

function inText(parts: TextParts): readonly Expression[] {
  return parts.filter((part) => typeof part !== 'string');
}
