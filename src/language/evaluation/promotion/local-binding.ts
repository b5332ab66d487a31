import { unreachable } from '../../../foundation/index.ts';
import type { Expression, LetExpression } from '../../syntax/index.ts';
import type { BuiltinFunction } from '../builtin.ts';
import { builtinOf, chainOf } from '../compile/apply.ts';
import { staticNameOf } from '../compile/key.ts';
import type { Scope } from '../scope.ts';
import { type Parts, partsOf } from './parts.ts';

/** A variable that needs neither a thunk nor a place in the frame. */
export interface LocalBinding {
  readonly name: string;
  readonly value: Expression;
}

/**
 * The one binding of a `let` whose body evaluates it before anything else, and in which nothing that waits and no function sees it.
 * Then the value can as well be computed where the `let` is entered: what is evaluated, and in which order, stays the same.
 */
export function localBindingOf(
  { bindings, body }: LetExpression,
  builtins: KnownBuiltins,
): LocalBinding | undefined {
  const [binding] = bindings;
  const [key] = binding?.path ?? [];
  if (bindings.length !== 1 || binding?.path.length !== 1 || key === undefined) return undefined;
  const name = staticNameOf(key);
  if (name === undefined || mentions(binding.value, name)) return undefined;
  const inBody = builtins.without([name]);
  if (firstEvaluated(body, inBody) !== name || isSeenByWhatWaits(body, name, inBody)) return undefined;
  return { name, value: binding.value };
}

/** The variable that evaluation of the expression evaluates first, if it is one and that can be seen. */
export function firstEvaluated(expression: Expression, builtins: KnownBuiltins): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'binary':
      return firstEvaluated(expression.left, builtins);
    case 'unary':
      return firstEvaluated(expression.operand, builtins);
    case 'if':
      return firstEvaluated(expression.condition, builtins);
    case 'select':
    case 'has-attribute':
      return firstEvaluated(expression.subject, builtins);
    case 'apply': {
      const { callee, calls } = chainOf(expression);
      const first = calls[forcedArgument(callee, calls.length, builtins) ?? -1];
      if (first !== undefined) return firstEvaluated(first.argument, builtins);
      return builtins.of(callee) === undefined ? firstEvaluated(callee, builtins) : undefined;
    }
    case 'integer':
    case 'float':
    case 'string':
    case 'path':
    case 'island':
    case 'lambda':
    case 'let':
    case 'list':
    case 'attributes':
      return undefined;
    default:
      return unreachable(expression);
  }
}

/** Whether the variable is used in something that waits or in a function; what is handed on as it is does not count. */
function isSeenByWhatWaits(expression: Expression, name: string, builtins: KnownBuiltins): boolean {
  const { evaluated, waiting } = partsIn(expression, builtins);
  const inner = expression.kind === 'let' ? builtins.without(namesBoundBy(expression)) : builtins;
  return (
    waiting.some((part) => part.kind !== 'name' && mentions(part, name)) ||
    evaluated.some((part) => isSeenByWhatWaits(part, name, inner))
  );
}

function partsIn(expression: Expression, builtins: KnownBuiltins): Parts {
  if (expression.kind !== 'apply') return partsOf(expression);
  const { callee, calls } = chainOf(expression);
  const forced = forcedArgument(callee, calls.length, builtins);
  const argumentsOf = calls.map(({ argument }) => argument);
  return {
    evaluated: [callee, ...argumentsOf.filter((_, index) => index === forced)],
    waiting: argumentsOf.filter((_, index) => index !== forced),
  };
}

function mentions(expression: Expression, name: string): boolean {
  if (expression.kind === 'name') return expression.name === name;
  const { evaluated, waiting } = partsOf(expression);
  return evaluated.some((part) => mentions(part, name)) || waiting.some((part) => mentions(part, name));
}

export function namesBoundBy({ bindings }: LetExpression): readonly string[] {
  return bindings.map(({ path }) => (path[0] === undefined ? '' : (staticNameOf(path[0]) ?? '')));
}

/** The argument that promoted code evaluates before it calls a builtin, by its index. */
function forcedArgument(callee: Expression, count: number, builtins: KnownBuiltins): number | undefined {
  const definition = builtins.of(callee)?.definition;
  return definition?.arity === count ? definition.forces?.[0] : undefined;
}

/** The builtins as they are seen at a place. */
export class KnownBuiltins {
  readonly #scope: Scope;
  readonly #hidden: ReadonlySet<string>;

  constructor(scope: Scope, hidden: ReadonlySet<string> = new Set()) {
    this.#scope = scope;
    this.#hidden = hidden;
  }

  /** Those that are still seen where the names are bound to something else. */
  without(names: readonly string[]): KnownBuiltins {
    return new KnownBuiltins(this.#scope, new Set([...this.#hidden, ...names]));
  }

  /** The builtin that the callee certainly is. */
  of(callee: Expression): BuiltinFunction | undefined {
    if (callee.kind !== 'name' || this.#hidden.has(callee.name)) return undefined;
    return builtinOf(callee, this.#scope);
  }
}
