import { unreachable } from '../../../foundation/index.ts';
import type { AttributeKey, Binding, Expression, Parts } from '../../syntax/index.ts';

/** Whether evaluating the expression itself, and not what waits or is a function in it, puts names into the frame. */
export function declares(expression: Expression): boolean {
  switch (expression.kind) {
    case 'let':
      return true;
    case 'name':
    case 'integer':
    case 'float':
    case 'lambda':
    case 'list':
      return false;
    case 'string':
    case 'path':
      return partsDeclare(expression.parts);
    case 'island':
      return (
        ('kind' in expression.body ? declares(expression.body) : partsDeclare(expression.body)) ||
        partsDeclare(expression.subtree) ||
        partsDeclare(expression.path)
      );
    case 'if':
      return (
        declares(expression.condition) || declares(expression.whenTrue) || declares(expression.whenFalse)
      );
    case 'apply':
      return declares(expression.function);
    case 'binary':
      return declares(expression.left) || declares(expression.right);
    case 'unary':
      return declares(expression.operand);
    case 'has-attribute':
      return declares(expression.subject) || pathDeclares(expression.path);
    case 'select':
      return (
        declares(expression.subject) ||
        pathDeclares(expression.path) ||
        (expression.fallback !== undefined && declares(expression.fallback))
      );
    case 'attributes':
      return expression.bind !== undefined || expression.bindings.some(keyDeclares);
    default:
      return unreachable(expression);
  }
}

function keyDeclares({ path }: Binding): boolean {
  return pathDeclares(path);
}

function pathDeclares(path: readonly AttributeKey[]): boolean {
  return path.some(({ parts }) => partsDeclare(parts));
}

function partsDeclare(parts: Parts): boolean {
  return parts.some((part) => typeof part !== 'string' && declares(part));
}
