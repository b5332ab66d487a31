import { meant, nearest } from '../../diagnostics/index.ts';
import { isPlainName } from '../syntax/index.ts';
import { Attributes } from './attributes.ts';
import { DerivationValue, derivationAttribute, derivationAttributeNames } from './derivation-value.ts';
import { BuiltinFunction } from './builtin.ts';
import { isString } from './context.ts';
import { describe } from './describe.ts';
import { type Site, fault } from './fault.ts';
import { foreignName } from './foreign-names.ts';
import { Lambda } from './lambda.ts';
import { type Slot, type Value, isList } from './value.ts';

/** The attribute of attributes or of a derivation; undefined where it is missing, or the value has none at all. */
export function attributeOf(value: Value, name: string): Slot | undefined {
  if (value instanceof Attributes) return value.get(name);
  if (value instanceof DerivationValue) return derivationAttribute(value, name);
  return undefined;
}

export function missingAttribute(value: Value, name: string, site: Site): Error {
  if (value instanceof Attributes) {
    return missingAmong(value.names(), name, `the attribute '${name}' does not exist`, site);
  }
  if (value instanceof DerivationValue) {
    const names = derivationAttributeNames(value);
    return missingAmong(names, name, `a derivation has no attribute '${name}'`, site);
  }
  return fault(site.span, 'CAB2004', `${describe(value)} has no attributes, and so no '${name}'`, {
    hint: hintFor(value, name),
  });
}

function missingAmong(names: readonly string[], name: string, message: string, site: Site): Error {
  const counterpart = foreignName(name, (other) => names.includes(other))?.text;
  const near = counterpart ?? nearest(name, names);
  if (near === undefined) return fault(site.span, 'CAB2005', message, { hint: listNames(names) });
  // Only where the name itself is the place: the place may also be a call that was given it.
  const isWritten = site.span?.source.text.slice(site.span.start, site.span.end) === name;
  return fault(site.span, 'CAB2005', message, {
    hint: meant(near),
    replacement: isWritten && isPlainName(near) ? near : undefined,
  });
}

const instead: Readonly<Record<string, string>> = {
  length: 'length tells how many elements a list has, stringLength how many characters a string',
};

function hintFor(value: Value, name: string): string | undefined {
  if (instead[name] !== undefined && (isString(value) || isList(value))) return instead[name];
  if (isList(value))
    return 'elementAt takes an element by its index, head the first; map does something with each';
  if (value instanceof Lambda || value instanceof BuiltinFunction)
    return 'the function may have to be called first';
  return value === null ? 'ask for it first: if x == null then … else x.…' : undefined;
}

function listNames(names: readonly string[]): string | undefined {
  if (names.length === 0) return 'there are no attributes at all';
  if (names.length > 12) return `none of its ${names.length} attributes has a name like it`;
  return `it has ${names.length === 1 ? 'only ' : ''}${names.map((name) => `'${name}'`).join(', ')}`;
}
