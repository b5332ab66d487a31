import type { LambdaCode } from '../lambda.ts';
import { firstEvaluated, KnownBuiltins } from './local-binding.ts';

/**
 * The parameters that a call evaluates before anything else, as bits by their index. They are in the order in which they stand, so
 * that whoever calls may as well evaluate the arguments: nothing is evaluated that would not be, and nothing in another order.
 */
export function evaluatedFirst({ leading, last, body, bodyScope, arity }: LambdaCode): number {
  if (last.kind === 'pattern') return 1 << (arity - 1);
  const names = [...leading.map(({ name }) => name), last.name];
  const builtins = new KnownBuiltins(bodyScope);
  const first = indexOf(names, firstEvaluated(body, builtins));
  if (first === -1) return 0;
  if (body.kind !== 'binary' || body.left.kind !== 'name' || isLogical(body.operator)) return 1 << first;
  const second = indexOf(names, firstEvaluated(body.right, builtins));
  return second > first ? (1 << first) | (1 << second) : 1 << first;
}

function indexOf(names: readonly string[], name: string | undefined): number {
  return name === undefined ? -1 : names.lastIndexOf(name);
}

function isLogical(operator: string): boolean {
  return operator === '&&' || operator === '||' || operator === '->';
}
