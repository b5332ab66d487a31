import type { AttributeKey, HasAttributeExpression, SelectExpression } from '../../syntax/index.ts';
import { AttributeFinder } from '../attribute-finder.ts';
import { type Site, annotate } from '../fault.ts';
import type { Scope } from '../scope.ts';
import { attributeOf, missingAttribute } from '../select.ts';
import { type Code, type Frame, Thunk, force } from '../thunk.ts';
import type { Slot, Value } from '../value.ts';
import { compile } from './expression.ts';
import { compileKey, staticNameOf } from './key.ts';

/** One name of an attribute path. */
interface KeyStep {
  /** Undefined where the name has to be computed. */
  readonly finder: AttributeFinder | undefined;
  readonly name: (frame: Frame) => string;
  readonly site: Site;
}

/** `a.b.c`, `a.b.c or fallback`: the fallback stands in for whatever is missing on the way. */
export function compileSelect(expression: SelectExpression, scope: Scope): Code {
  const steps = compileSteps(expression.path, scope);
  const { fallback } = expression;
  if (fallback !== undefined) {
    const subject = compile(expression.subject, scope);
    const otherwise = compile(fallback, scope);
    return (frame) => {
      const found = follow(subject(frame), steps, frame);
      return found === undefined ? otherwise(frame) : found;
    };
  }
  let code = compile(expression.subject, scope);
  for (const step of steps) code = compileStep(code, step);
  return code;
}

function compileStep(subject: Code, { finder, name, site }: KeyStep): Code {
  if (finder === undefined) return (frame) => selectNamed(subject(frame), name(frame), site);
  return (frame) => selectFound(subject(frame), finder, site);
}

/** The value of an attribute whose name stands in the text. */
function selectFound(value: Value, finder: AttributeFinder, site: Site): Value {
  const slot = finder.find(value);
  if (slot === undefined) throw missingAttribute(value, finder.name, site);
  if (!(slot instanceof Thunk)) return slot;
  const selected = forceFor(slot, site);
  finder.keep(value, selected);
  return selected;
}

function selectNamed(value: Value, name: string, site: Site): Value {
  const slot = attributeOf(value, name);
  if (slot === undefined) throw missingAttribute(value, name, site);
  return forceFor(slot, site);
}

function forceFor(slot: Slot, site: Site): Value {
  try {
    return force(slot);
  } catch (error) {
    const { span } = site;
    throw annotate(error, span === undefined ? undefined : { span, message: '' });
  }
}

/** `subject ? a.b`: false also where a part of the way is no attributes. */
export function compileHasAttribute(expression: HasAttributeExpression, scope: Scope): Code {
  const subject = compile(expression.subject, scope);
  const steps = compileSteps(expression.path, scope);
  const last = steps.at(-1);
  if (last === undefined) return () => true;
  const way = steps.slice(0, -1);
  return (frame) => {
    const found = follow(subject(frame), way, frame);
    return found !== undefined && findStep(found, last, frame) !== undefined;
  };
}

function compileSteps(path: readonly AttributeKey[], scope: Scope): readonly KeyStep[] {
  return path.map((key) => {
    const name = staticNameOf(key);
    return {
      finder: name === undefined ? undefined : new AttributeFinder(name),
      name: compileKey(key, scope),
      site: scope.file.siteOf(key),
    };
  });
}

function findStep(value: Value, { finder, name }: KeyStep, frame: Frame): Slot | undefined {
  return finder === undefined ? attributeOf(value, name(frame)) : finder.find(value);
}

/** The value at the end of the way, or undefined where an attribute is missing. */
function follow(subject: Value, steps: readonly KeyStep[], frame: Frame): Value | undefined {
  let value = subject;
  for (const step of steps) {
    const slot = findStep(value, step, frame);
    if (slot === undefined) return undefined;
    value = force(slot);
  }
  return value;
}
