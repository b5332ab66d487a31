import type { ApplyExpression, Binding, Expression } from '../../syntax/index.ts';
import { BuiltinFunction } from '../builtin.ts';
import { call, callThree, callTwo } from '../call.ts';
import { type Site, annotate } from '../fault.ts';
import type { Scope } from '../scope.ts';
import type { Code, Frame } from '../thunk.ts';
import type { Value } from '../value.ts';
import { compile, compileArgument } from './expression.ts';
import { staticNameOf } from './key.ts';
import type { LaterCode } from './variables.ts';

/** A call of the chain `f x y`, with the place that ends at its argument. */
interface Step {
  readonly argument: LaterCode;
  readonly site: Site;
}

/** A chain of calls: what is called, and the arguments in their order. */
export interface Chain {
  readonly callee: Expression;
  readonly calls: readonly ApplyExpression[];
}

export function chainOf(expression: ApplyExpression): Chain {
  const calls: ApplyExpression[] = [];
  let callee: Expression = expression;
  while (callee.kind === 'apply') {
    calls.push(callee);
    callee = callee.function;
  }
  return { callee, calls: calls.toReversed() };
}

/** Whether an argument is made at once: attributes and lists, in which making them evaluates nothing. */
export function isMadeForCall(argument: Expression): boolean {
  if (argument.kind === 'list') return true;
  return argument.kind === 'attributes' && argument.bind === undefined && argument.bindings.every(isStatic);
}

function isStatic({ path }: Binding): boolean {
  return path.every((key) => staticNameOf(key) !== undefined);
}

/** `f x y` as one piece, so that a function that takes several arguments gets them at once. */
export function compileApply(expression: ApplyExpression, scope: Scope): Code {
  const { callee, calls } = chainOf(expression);
  const steps = calls.map((step): Step => ({
    argument: isMadeForCall(step.argument)
      ? compile(step.argument, scope)
      : compileArgument(step.argument, scope),
    site: scope.file.siteOf(step),
  }));
  const code = compile(callee, scope);
  const title = titleOf(callee, scope);
  const [first, second, third] = steps as [Step, Step | undefined, Step | undefined];
  if (second === undefined) return compileOne(code, first, title);
  if (third === undefined) return compileTwo(code, first, second, title);
  if (steps.length === 3) return compileThree(code, [first, second, third], title);
  return (frame) => callChain(code, steps, title, frame);
}

function compileOne(code: Code, { argument, site }: Step, title: string): Code {
  return (frame) => {
    const called = code(frame);
    try {
      return call(called, argument(frame), site);
    } catch (error) {
      throw annotateCall(error, site, title);
    }
  };
}

function compileTwo(code: Code, first: Step, { argument, site }: Step, title: string): Code {
  return (frame) => {
    const called = code(frame);
    try {
      return callTwo(called, first.argument(frame), argument(frame), site);
    } catch (error) {
      throw annotateCall(error, site, title);
    }
  };
}

function compileThree(code: Code, [first, second, third]: readonly [Step, Step, Step], title: string): Code {
  const { site } = third;
  return (frame) => {
    const called = code(frame);
    try {
      return callThree(called, first.argument(frame), second.argument(frame), third.argument(frame), site);
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
        return called.definition.run(site, ...steps.map((step) => step.argument(frame)));
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

export function annotateCall(error: unknown, site: Site, title: string): Error {
  return annotate(error, site.span === undefined ? undefined : { span: site.span, message: title });
}

/** How a trace calls the function: by its text where that is short. */
export function titleOf(callee: Expression, scope: Scope): string {
  if (callee.kind !== 'name' && callee.kind !== 'select') return 'while calling this function';
  const text = scope.file.source.text.slice(callee.start, callee.end);
  return text.length > 40 || text.includes('\n') ? 'while calling this function' : `while calling '${text}'`;
}
