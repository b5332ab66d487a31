import { didYouMean } from '../../diagnostics/index.ts';
import { Attributes } from './attributes.ts';
import { DerivationValue, derivationAttribute, derivationAttributeNames } from './derivation-value.ts';
import { type Site, fault } from './fault.ts';
import { phraseOf } from './types.ts';
import type { Slot, Value } from './value.ts';

/** The attribute of attributes or of a derivation; undefined where it is missing, or the value has none at all. */
export function attributeOf(value: Value, name: string): Slot | undefined {
  if (value instanceof Attributes) return value.get(name);
  if (value instanceof DerivationValue) return derivationAttribute(value, name);
  return undefined;
}

export function missingAttribute(value: Value, name: string, site: Site): Error {
  if (value instanceof Attributes) {
    return fault(site.span, 'CAB2005', `the attribute '${name}' does not exist`, {
      hint: didYouMean(name, value.names()) ?? listNames(value.names()),
    });
  }
  if (value instanceof DerivationValue) {
    const names = derivationAttributeNames(value);
    return fault(site.span, 'CAB2005', `a derivation has no attribute '${name}'`, {
      hint: didYouMean(name, names) ?? listNames(names),
    });
  }
  return fault(site.span, 'CAB2004', `${phraseOf(value)} has no attributes, so there is no '${name}' in it`);
}

function listNames(names: readonly string[]): string | undefined {
  if (names.length === 0) return 'there are no attributes at all';
  if (names.length > 12) return undefined;
  return `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
}
