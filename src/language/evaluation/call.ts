import { Attributes } from './attributes.ts';
import { BuiltinFunction, builtinNamed } from './builtin.ts';
import { describe } from './describe.ts';
import { type Site, fault } from './fault.ts';
import { Lambda, completeLater } from './lambda.ts';
import type { CallPlace } from './call-place.ts';
import { type Frame, Thunk, Unit, force } from './thunk.ts';
import { type Slot, type Value, isList } from './value.ts';

/** Calls a function with one argument. */
export function call(callee: Value, argument: Slot, site: Site): Value {
  if (callee instanceof Lambda) {
    const { code, frame } = callee;
    return code.arity === 1 ? code.enter(frame, site, argument) : callCurried(callee, argument, site);
  }
  if (callee instanceof BuiltinFunction) return callBuiltin(callee, argument, site);
  throw notCallable(callee, site);
}

/** Calls a function with two arguments. */
export function callTwo(callee: Value, first: Slot, second: Slot, site: Site): Value {
  if (callee instanceof Lambda) {
    const { code, frame, applied } = callee;
    if (code.arity === 2 && applied === undefined) return code.enter(frame, site, first, second);
  } else if (callee instanceof BuiltinFunction) {
    const { definition, applied } = callee;
    if (definition.arity === 2 && applied.length === 0) return definition.run(site, first, second);
  }
  return call(call(callee, first, site), second, site);
}

/** Calls a function with three arguments. */
export function callThree(callee: Value, first: Slot, second: Slot, third: Slot, site: Site): Value {
  if (callee instanceof Lambda) {
    const { code, frame, applied } = callee;
    if (code.arity === 3 && applied === undefined) return code.enter(frame, site, first, second, third);
  } else if (callee instanceof BuiltinFunction) {
    const { definition, applied } = callee;
    if (definition.arity === 3 && applied.length === 0) return definition.run(site, first, second, third);
  }
  return call(callTwo(callee, first, second, site), third, site);
}

/** The call with two arguments, put off until its value is needed; so is the function itself. */
export function callTwoLater(callee: Slot, first: Slot, second: Slot, site: Site): Thunk {
  return new Thunk(twoArgumentCall, [callee, first, second, site]);
}

const twoArgumentCall = new Unit((frame: Frame): Value => {
  return callTwo(force(frame[0] as Slot), frame[1] as Slot, frame[2] as Slot, frame[3] as Site);
});

/** The call, put off until its value is needed; the value itself where it is at hand. */
export function callLater(callee: Value, argument: Slot, site: Site): Slot {
  if (callee instanceof Lambda && callee.code.last.kind === 'name') {
    const { code, applied } = callee;
    if ((applied === undefined ? 1 : applied.length + 1) === code.arity)
      return completeLater(callee, argument);
  }
  return new Thunk(oneArgumentCall, [callee, argument, site]);
}

const oneArgumentCall = new Unit((frame: Frame): Value => {
  return call(frame[0] as Value, frame[1] as Slot, frame[2] as Site);
});

function callBuiltin({ definition, applied }: BuiltinFunction, argument: Slot, site: Site): Value {
  const { arity } = definition;
  if (applied.length + 1 < arity) return new BuiltinFunction(definition, [...applied, argument]);
  const [first, second] = applied;
  if (arity === 1) return definition.run(site, argument);
  if (arity === 2) return definition.run(site, first as Slot, argument);
  if (arity === 3) return definition.run(site, first as Slot, second as Slot, argument);
  return definition.run(site, ...applied, argument);
}

/** A function that takes several arguments gets one more of them. */
function callCurried({ code, frame, applied }: Lambda, argument: Slot, site: Site): Value {
  const before = applied?.length ?? 0;
  if (before + 1 < code.arity)
    return new Lambda(code, frame, applied === undefined ? [argument] : [...applied, argument]);
  const [first, second] = applied as readonly Slot[];
  return before === 1
    ? code.enter(frame, site, first as Slot, argument)
    : code.enter(frame, site, first as Slot, second, argument);
}

function notCallable(callee: Value, site: Site): Error {
  const { call } = site;
  const count = call?.arguments.length ?? 1;
  // Of several calls in a row it cannot be told from the place which one it is.
  const span = count === 1 ? (call?.calleeSpan ?? site.span) : site.span;
  return fault(span, 'CAB2006', `only functions can be called, and this is ${describe(callee)}`, {
    hint: hintFor(callee, call),
  });
}

/** How long the text of what is called may be to be named. */
const longestCallee = 40;

function hintFor(callee: Value, call: CallPlace | undefined): string {
  const [first, ...others] = call?.arguments ?? [];
  if (callee instanceof Attributes) {
    const functions = functionNames(callee).map((name) => `'${name}'`);
    if (functions.length === 0) return 'a comma may be missing before the argument';
    return `of its attributes these are functions: ${functions.join(', ')}`;
  }
  if (isList(callee) && others.length === 0)
    return 'elementAt takes an element by its index: elementAt 0 list';
  if (call === undefined || first === undefined) return 'a function stands in the place of what is called';
  if (call.calleeSpan.start > first.span.start) return "behind '|>' and before '<|' stands a function";
  const builtin = builtinNamed(call.callee);
  if (builtin !== undefined && others.length < builtin.arity)
    return `the function that '${call.callee}' is given may take fewer arguments than it gets`;
  if (others.length === 0 || call.callee.length > longestCallee)
    return 'a comma may be missing before what is read as the argument';
  return `'${call.callee}' may take fewer than ${others.length + 1} arguments, or a comma is missing between two of them`;
}

/** Of the attributes that are there already, at most a few that can be called. */
function functionNames(attributes: Attributes): readonly string[] {
  const names: string[] = [];
  for (const [name, slot] of attributes.entries()) {
    const isFunction = slot instanceof Lambda || slot instanceof BuiltinFunction;
    if (isFunction && names.length < 6) names.push(name);
  }
  return names;
}
