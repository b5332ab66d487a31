import type { AttributeKey, HasAttributeExpression, SelectExpression } from '../../syntax/index.ts';
import { type Site, annotate } from '../fault.ts';
import type { Scope } from '../scope.ts';
import { attributeOf, missingAttribute } from '../select.ts';
import { type Code, type Frame, force } from '../thunk.ts';
import type { Value } from '../value.ts';
import { compile } from './expression.ts';
import { compileKey } from './key.ts';

interface KeyStep {
  readonly name: (frame: Frame) => string;
  readonly site: Site;
}

/** `a.b.c`, `a.b.c or fallback`: the fallback stands in for whatever is missing on the way. */
export function compileSelect(expression: SelectExpression, scope: Scope): Code {
  const subject = compile(expression.subject, scope);
  const steps = compileSteps(expression.path, scope);
  const { fallback } = expression;
  if (fallback !== undefined) {
    const otherwise = compile(fallback, scope);
    return (frame) => {
      const found = follow(subject(frame), steps, frame);
      return found === undefined ? otherwise(frame) : found;
    };
  }
  const [first] = steps;
  if (steps.length === 1 && first !== undefined) {
    const { name, site } = first;
    return (frame) => select(subject(frame), name(frame), site);
  }
  return (frame) => {
    let value = subject(frame);
    for (const { name, site } of steps) value = select(value, name(frame), site);
    return value;
  };
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
    return found !== undefined && attributeOf(found, last.name(frame)) !== undefined;
  };
}

function compileSteps(path: readonly AttributeKey[], scope: Scope): readonly KeyStep[] {
  return path.map((key) => ({ name: compileKey(key, scope), site: scope.file.siteOf(key) }));
}

function select(value: Value, name: string, site: Site): Value {
  const slot = attributeOf(value, name);
  if (slot === undefined) throw missingAttribute(value, name, site);
  try {
    return force(slot);
  } catch (error) {
    throw annotate(error, site.span === undefined ? undefined : { span: site.span, message: '' });
  }
}

/** The value at the end of the way, or undefined where an attribute is missing. */
function follow(subject: Value, steps: readonly KeyStep[], frame: Frame): Value | undefined {
  let value = subject;
  for (const { name } of steps) {
    const slot = attributeOf(value, name(frame));
    if (slot === undefined) return undefined;
    value = force(slot);
  }
  return value;
}
