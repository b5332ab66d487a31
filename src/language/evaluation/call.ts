import { didYouMean, nearest } from '../../diagnostics/index.ts';
import { Attributes } from './attributes.ts';
import { BuiltinFunction } from './builtin.ts';
import { type Site, fault } from './fault.ts';
import { Lambda, type LambdaCode } from './lambda.ts';
import { type Frame, Thunk, force } from './thunk.ts';
import { phraseOf } from './types.ts';
import type { Slot, Value } from './value.ts';

/** Calls a function with one argument. */
export function call(callee: Value, argument: Slot, site: Site): Value {
  if (callee instanceof Lambda) return callLambda(callee, argument, site);
  if (callee instanceof BuiltinFunction) return callBuiltin(callee, argument, site);
  throw fault(site.span, 'CAB2006', `only functions can be called, and this is ${phraseOf(callee)}`, {
    hint:
      callee instanceof Attributes
        ? 'a comma may be missing before the argument, or the function is one of the attributes'
        : 'a comma may be missing before what is read as the argument',
  });
}

/** Calls a function with two arguments. */
export function callTwo(callee: Value, first: Slot, second: Slot, site: Site): Value {
  if (callee instanceof BuiltinFunction && callee.definition.arity === 2 && callee.applied.length === 0) {
    return callee.definition.run(site, first, second);
  }
  return call(call(callee, first, site), second, site);
}

/** The call with two arguments, put off until its value is needed; so is the function itself. */
export function callTwoLater(callee: Slot, first: Slot, second: Slot, site: Site): Thunk {
  return new Thunk(runCallTwo, [callee, first, second, site]);
}

function runCallTwo(frame: Frame): Value {
  return callTwo(force(frame[0] as Slot), frame[1] as Slot, frame[2] as Slot, frame[3] as Site);
}

/** The call, put off until its value is needed. */
export function callLater(callee: Value, argument: Slot, site: Site): Thunk {
  return new Thunk(runCall, [callee, argument, site]);
}

function runCall(frame: Frame): Value {
  return call(frame[0] as Value, frame[1] as Slot, frame[2] as Site);
}

function callBuiltin(callee: BuiltinFunction, argument: Slot, site: Site): Value {
  const { definition, applied } = callee;
  if (definition.arity === 1) return definition.run(site, argument);
  const slots = [...applied, argument];
  return slots.length === definition.arity
    ? definition.run(site, ...slots)
    : new BuiltinFunction(definition, slots);
}

function callLambda(callee: Lambda, argument: Slot, site: Site): Value {
  const compiled = callee.code.compiled;
  const frame: Frame = [callee.frame];
  if (compiled.bindPattern === undefined) frame.push(argument);
  else compiled.bindPattern(frame, attributesFor(callee.code, argument, site));
  for (let index = frame.length; index < compiled.size; index++) frame.push(undefined);
  return compiled.body(frame);
}

/** The argument of a function with a pattern, known to have just the attributes that the pattern asks for. */
function attributesFor(code: LambdaCode, argument: Slot, site: Site): Attributes {
  const value = force(argument);
  if (!(value instanceof Attributes)) {
    throw fault(site.span, 'CAB2004', `the function takes attributes, and gets ${phraseOf(value)}`, {
      labels: [{ span: code.spanOf(code.expression.parameter), message: 'the attributes that it takes' }],
    });
  }
  const { required, names } = code.compiled;
  for (const name of required) if (!value.has(name)) throw missingArgument(code, name, value, site);
  if (names !== undefined && value.size > countIn(names, value)) throw unexpectedArgument(code, value, site);
  return value;
}

function countIn(names: ReadonlySet<string>, attributes: Attributes): number {
  let count = 0;
  for (const name of names) if (attributes.has(name)) count++;
  return count;
}

function missingArgument(code: LambdaCode, name: string, given: Attributes, site: Site): Error {
  const taken = new Set(code.pattern?.fields.map((field) => field.name));
  const near = nearest(
    name,
    given.names().filter((other) => !taken.has(other)),
  );
  const field =
    code.pattern?.fields.find((candidate) => candidate.name === name) ?? code.expression.parameter;
  return fault(site.span, 'CAB2008', `the function needs the argument '${name}', and does not get it`, {
    labels: [{ span: code.spanOf(field), message: 'needed here' }],
    hint: near === undefined ? undefined : `the call gives '${near}', which may be meant for it`,
  });
}

function unexpectedArgument(code: LambdaCode, given: Attributes, site: Site): Error {
  const taken = code.pattern?.fields.map((field) => field.name) ?? [];
  const name = given.names().find((candidate) => !taken.includes(candidate)) ?? '';
  return fault(site.span, 'CAB2007', `the function does not take an argument '${name}'`, {
    labels: [{ span: code.spanOf(code.expression.parameter), message: 'the arguments that it takes' }],
    hint: didYouMean(
      name,
      taken.filter((other) => !given.has(other)),
    ),
  });
}
