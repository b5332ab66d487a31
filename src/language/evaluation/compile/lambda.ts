import type { CompiledLambda, LambdaCode } from '../lambda.ts';
import { PatternBinder } from '../pattern-binder.ts';
import type { Scope } from '../scope.ts';
import type { Code, Frame } from '../thunk.ts';
import { compileAtHand } from './at-hand.ts';
import { compile } from './expression.ts';
import { extended } from './text-unit.ts';

/** The scope of the function's parameters. */
export function scopeOfLambda({ leading, last, scope }: LambdaCode): Scope {
  const names = leading.map(({ name }) => name);
  if (last.kind === 'name') return scope.withFrame([...names, last.name]);
  if (last.bind !== undefined) names.push(last.bind.name);
  return scope.withFrame([...names, ...last.fields.map(({ name }) => name)]);
}

/** Makes a function ready to be called. */
export function compileLambda(code: LambdaCode): CompiledLambda {
  const { last, arity, body: expression } = code;
  const scope = scopeOfLambda(code);
  const binder = last.kind === 'pattern' ? new PatternBinder(code, last, scope) : undefined;
  const body = compile(expression, scope);
  const { size } = scope.layout;
  return {
    enter: binder === undefined ? enterNamed(arity, size, body) : enterPattern(arity, size, binder, body),
    size,
    body,
    atHand: last.kind === 'name' ? compileAtHand(expression, scope) : undefined,
  };
}

type Enter = CompiledLambda['enter'];

/** Frames are made whole by one literal where that is possible, since making them longer costs more than a call. */
function enterNamed(arity: number, size: number, body: Code): Enter {
  if (arity === 1) {
    if (size === 2) return (outer, _site, first) => body([outer, first]);
    if (size === 3) return (outer, _site, first) => body([outer, first, undefined]);
    if (size === 4) return (outer, _site, first) => body([outer, first, undefined, undefined]);
    return (outer, _site, first) => body(extended([outer, first], size));
  }
  if (arity === 2) {
    if (size === 3) return (outer, _site, first, second) => body([outer, first, second]);
    return (outer, _site, first, second) => body(extended([outer, first, second], size));
  }
  if (size === 4) return (outer, _site, first, second, third) => body([outer, first, second, third]);
  return (outer, _site, first, second, third) => body(extended([outer, first, second, third], size));
}

function enterPattern(arity: number, size: number, binder: PatternBinder, body: Code): Enter {
  return (outer, site, first, second, third) => {
    const frame: Frame = arity === 1 ? [outer] : arity === 2 ? [outer, first] : [outer, first, second];
    const last = arity === 1 ? first : arity === 2 ? second : third;
    binder.bind(frame, last ?? null, site);
    return body(extended(frame, size));
  };
}
