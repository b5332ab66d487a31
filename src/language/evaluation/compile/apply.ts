import type { ApplyExpression, Expression } from '../../syntax/index.ts';
import { BuiltinFunction } from '../builtin.ts';
import { call } from '../call.ts';
import { type Site, annotate } from '../fault.ts';
import type { Scope } from '../scope.ts';
import type { Code, Frame } from '../thunk.ts';
import type { Slot, Value } from '../value.ts';
import { type LaterCode, compile, compileArgument } from './expression.ts';

/** A call of the chain `f x y`, with the place that ends at its argument. */
interface Step {
  readonly argument: LaterCode;
  readonly site: Site;
}

/** `f x y` as one piece, so that a builtin that takes two arguments gets both at once. */
export function compileApply(expression: ApplyExpression, scope: Scope): Code {
  const steps: Step[] = [];
  let callee: Expression = expression;
  while (callee.kind === 'apply') {
    steps.unshift({ argument: compileArgument(callee.argument, scope), site: scope.file.siteOf(callee) });
    callee = callee.function;
  }
  const code = compile(callee, scope);
  const title = titleOf(callee, scope);
  const [first] = steps;
  if (steps.length !== 1 || first === undefined) return (frame) => callChain(code, steps, title, frame);
  const { argument, site } = first;
  return (frame) => {
    const called = code(frame);
    try {
      return call(called, argument(frame), site);
    } catch (error) {
      throw annotateCall(error, site, title);
    }
  };
}

function callChain(code: Code, steps: readonly Step[], title: string, frame: Frame): Value {
  let called = code(frame);
  let site = (steps[0] as Step).site;
  try {
    if (called instanceof BuiltinFunction && called.applied.length === 0) {
      if (called.definition.arity === steps.length) {
        site = (steps.at(-1) as Step).site;
        return called.definition.run(site, ...steps.map((step): Slot => step.argument(frame)));
      }
    }
    for (const step of steps) {
      site = step.site;
      called = call(called, step.argument(frame), site);
    }
    return called;
  } catch (error) {
    throw annotateCall(error, site, title);
  }
}

function annotateCall(error: unknown, site: Site, title: string): Error {
  return annotate(error, site.span === undefined ? undefined : { span: site.span, message: title });
}

/** How a trace calls the function: by its text where that is short. */
function titleOf(callee: Expression, scope: Scope): string {
  if (callee.kind !== 'name' && callee.kind !== 'select') return 'while calling this function';
  const text = scope.file.source.text.slice(callee.start, callee.end);
  return text.length > 40 || text.includes('\n') ? 'while calling this function' : `while calling '${text}'`;
}
