import type { ApplyExpression, Expression } from '../../syntax/index.ts';
import { type BuiltinDefinition, BuiltinFunction } from '../builtin.ts';
import { call, callThree, callTwo } from '../call.ts';
import { type Site, annotate } from '../fault.ts';
import type { Scope } from '../scope.ts';
import type { Code, Frame } from '../thunk.ts';
import type { Value } from '../value.ts';
import { compile, compileArgument } from './expression.ts';
import { isStaticPath } from './key.ts';
import { type Later, slotOf } from './variables.ts';

/** A call of the chain `f x y`, with the place that ends at its argument. */
interface Step {
  readonly argument: Later;
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
  return (
    argument.kind === 'attributes' &&
    argument.bind === undefined &&
    argument.bindings.every(({ path }) => isStaticPath(path))
  );
}

/** `f x y` as one piece, so that a function that takes several arguments gets them at once. */
export function compileApply(expression: ApplyExpression, scope: Scope): Code {
  const chain = chainOf(expression);
  const builtin = builtinCalled(chain, scope);
  const [forced] = builtin?.forces?.length === 1 ? builtin.forces : [];
  const steps = chain.calls.map((step, index): Step => ({
    argument:
      index === forced || isMadeForCall(step.argument)
        ? compile(step.argument, scope)
        : compileArgument(step.argument, scope),
    site: scope.file.siteOf(step),
  }));
  const called = new Called(compile(chain.callee, scope), chain.callee, scope);
  const [first, second, third] = steps as [Step, Step | undefined, Step | undefined];
  if (builtin !== undefined && second === undefined) return compileUnaryBuiltin(called, builtin, first);
  if (builtin !== undefined && second !== undefined && third === undefined) {
    return compileBinaryBuiltin(called, builtin, first, second);
  }
  if (second === undefined) return compileOne(called, first);
  if (third === undefined) return compileTwo(called, first, second);
  if (steps.length === 3) return compileThree(called, [first, second, third]);
  return (frame) => callChain(called, steps, frame);
}

/** The builtin that the chain certainly calls with all of its arguments: it evaluates one of them, or several, in any case. */
function builtinCalled({ callee, calls }: Chain, scope: Scope): BuiltinDefinition | undefined {
  const definition = builtinOf(callee, scope)?.definition;
  return definition?.arity === calls.length ? definition : undefined;
}

/** The builtin that the callee certainly is. What has arguments already, as a name of a repl may, is not one to call with all of them. */
export function builtinOf(callee: Expression, scope: Scope): BuiltinFunction | undefined {
  if (callee.kind !== 'name') return undefined;
  const found = scope.resolve(callee.name);
  if (found.kind !== 'global' || !(found.slot instanceof BuiltinFunction)) return undefined;
  return found.slot.applied.length === 0 ? found.slot : undefined;
}

function compileUnaryBuiltin(called: Called, { run }: BuiltinDefinition, { argument, site }: Step): Code {
  return (frame) => {
    try {
      return run(site, slotOf(argument, frame));
    } catch (error) {
      throw called.annotate(error, site);
    }
  };
}

function compileBinaryBuiltin(
  called: Called,
  { run }: BuiltinDefinition,
  first: Step,
  { argument, site }: Step,
): Code {
  return (frame) => {
    try {
      return run(site, slotOf(first.argument, frame), slotOf(argument, frame));
    } catch (error) {
      throw called.annotate(error, site);
    }
  };
}

/** What is called, and how a trace names it. */
class Called {
  readonly code: Code;
  readonly #expression: Expression;
  readonly #scope: Scope;

  constructor(code: Code, expression: Expression, scope: Scope) {
    this.code = code;
    this.#expression = expression;
    this.#scope = scope;
  }

  annotate(error: unknown, site: Site): Error {
    return annotateCall(error, site, titleOf(this.#expression, this.#scope));
  }
}

function compileOne(called: Called, { argument, site }: Step): Code {
  const { code } = called;
  return (frame) => {
    const callee = code(frame);
    try {
      return call(callee, slotOf(argument, frame), site);
    } catch (error) {
      throw called.annotate(error, site);
    }
  };
}

function compileTwo(called: Called, first: Step, { argument, site }: Step): Code {
  const { code } = called;
  return (frame) => {
    const callee = code(frame);
    try {
      return callTwo(callee, slotOf(first.argument, frame), slotOf(argument, frame), site);
    } catch (error) {
      throw called.annotate(error, site);
    }
  };
}

function compileThree(called: Called, [one, two, three]: readonly [Step, Step, Step]): Code {
  const { code } = called;
  const { site } = three;
  return (frame) => {
    const callee = code(frame);
    try {
      const [a, b] = [slotOf(one.argument, frame), slotOf(two.argument, frame)];
      return callThree(callee, a, b, slotOf(three.argument, frame), site);
    } catch (error) {
      throw called.annotate(error, site);
    }
  };
}

function callChain(called: Called, steps: readonly Step[], frame: Frame): Value {
  let callee = called.code(frame);
  let site = (steps[0] as Step).site;
  try {
    if (callee instanceof BuiltinFunction && callee.applied.length === 0) {
      if (callee.definition.arity === steps.length) {
        site = (steps.at(-1) as Step).site;
        return callee.definition.run(site, ...steps.map((step) => slotOf(step.argument, frame)));
      }
    }
    for (const step of steps) {
      site = step.site;
      callee = call(callee, slotOf(step.argument, frame), site);
    }
    return callee;
  } catch (error) {
    throw called.annotate(error, site);
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
