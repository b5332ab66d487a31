import { didYouMean } from '../../../../diagnostics/index.ts';
import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { attributesOf, listOf, plainStringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import type { Slot } from '../../value.ts';

const group = 'attributes';

/** Attributes as lists of names and values. */
export const attributePairBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'attributesFromList',
    group,
    forces: [0],
    signature: '[{ name : string, value : a }] -> { a }',
    description: 'Attributes of a list of names and values; where a name comes twice the first counts.',
    example: {
      expression: 'attributesFromList [ { name = "a", value = 1, }, ]',
      result: '{ a = 1, }',
    },
    run: (site, list) => {
      const what = "each element of 'attributesFromList'";
      const entries = new Map<string, Slot>();
      allOf(listOf(force(list), site, "the list of 'attributesFromList'"), (element) => {
        const pair = attributesOf(force(element), site, what);
        const name = plainStringOf(force(partOf(pair, 'name', site)), site, `the name of ${what}`);
        const value = partOf(pair, 'value', site);
        if (!entries.has(name)) entries.set(name, value);
      });
      return Attributes.fromMap(entries);
    },
  }),
  defineBuiltin({
    name: 'attributesToList',
    group,
    forces: [0],
    signature: '{ a } -> [{ name : string, value : a }]',
    description: 'The names and values as a list, in the order of the names.',
    example: { expression: 'attributesToList { a = 1, }', result: '[ { name = "a", value = 1, }, ]' },
    run: (site, attributes) => {
      const entries = attributesOf(force(attributes), site, "the argument of 'attributesToList'").entries();
      return [...entries].map(([name, value]) => Attributes.fromObject({ name, value }));
    },
  }),
];

function partOf(pair: Attributes, part: string, site: Site): Slot {
  const slot = pair.get(part);
  if (slot !== undefined) return slot;
  throw fault(site.span, 'CAB2005', `an element of 'attributesFromList' has no attribute '${part}'`, {
    hint: didYouMean(part, pair.names()),
  });
}
