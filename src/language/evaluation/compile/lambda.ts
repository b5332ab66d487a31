import type { CompiledLambda, Enter, LambdaCode } from '../lambda.ts';
import { PatternBinder } from '../pattern-binder.ts';
import type { Code, Frame } from '../thunk.ts';
import { compileResult } from './at-hand.ts';
import { compile } from './expression.ts';
import { extended } from './text-unit.ts';

/** Makes a function ready to be called. */
export function compileLambda(code: LambdaCode): CompiledLambda {
  const { last, body: expression } = code;
  const scope = code.bodyScope;
  const binder = last.kind === 'pattern' ? new PatternBinder(code, last, scope) : undefined;
  const body = compile(expression, scope);
  const { size } = scope.layout;
  return {
    enter: binder === undefined ? enterNamed(code, size, body) : enterPattern(code, size, binder, body),
    size,
    body: (frame) => {
      code.noteCall();
      return body(frame);
    },
    atHand: last.kind === 'name' ? compileResult(expression, scope) : undefined,
  };
}

/** Frames are made whole by one literal where that is possible, since making them longer costs more than a call. */
function enterNamed(code: LambdaCode, size: number, body: Code): Enter {
  const { arity } = code;
  const missing = size - 1 - arity;
  return (outer, _site, first, second, third) => {
    code.noteCall();
    const frame: Frame =
      arity === 1 ? [outer, first] : arity === 2 ? [outer, first, second] : [outer, first, second, third];
    return body(missing === 0 ? frame : extended(frame, size));
  };
}

function enterPattern(code: LambdaCode, size: number, binder: PatternBinder, body: Code): Enter {
  const { arity } = code;
  return (outer, site, first, second, third) => {
    code.noteCall();
    const frame: Frame = arity === 1 ? [outer] : arity === 2 ? [outer, first] : [outer, first, second];
    const last = arity === 1 ? first : arity === 2 ? second : third;
    binder.bind(frame, last ?? null, site);
    return body(extended(frame, size));
  };
}
