import { Attributes } from './attributes.ts';
import { describe } from './describe.ts';
import { type Site, fault } from './fault.ts';
import { force } from './thunk.ts';
import type { Value } from './value.ts';

/** The named options of an island, as the world takes them. */
export function islandOptions(value: Value, site: Site): Readonly<Record<string, string | boolean>> {
  if (!(value instanceof Attributes))
    throw new Error('the options of an island are attributes by their form');
  const options: [string, string | boolean][] = [];
  for (const [name, slot] of value.entries()) {
    const option = force(slot);
    if (typeof option !== 'string' && typeof option !== 'boolean') {
      const message = `the option '${name}' of an island must be a plain string or a boolean, and is ${describe(option)}`;
      throw fault(value.placeOf(name)?.value ?? site.span, 'CAB2004', message);
    }
    options.push([name, option]);
  }
  return Object.fromEntries(options);
}
