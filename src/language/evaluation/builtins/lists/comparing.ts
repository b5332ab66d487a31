import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call } from '../../call.ts';
import { functionOf, listOf } from '../../expect.ts';
import type { Site } from '../../fault.ts';
import { acceptedOf, allOf } from '../../fork.ts';
import { compare } from '../../order.ts';
import { sortStable } from '../../sort.ts';
import { force } from '../../thunk.ts';
import { ValueSet } from '../../value-set.ts';
import type { Slot } from '../../value.ts';

const group = 'lists';

/** Lists put in order, and lists as sets. */
export const comparingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'sortOn',
    group,
    signature: '(a -> key) -> [a] -> [a]',
    description:
      'The elements in the order of what the function gives for each; equal ones stay as they are.',
    details:
      'The function is called once for each element. What it gives must have an order: numbers, strings, or lists of them to order by several things at once.',
    example: { expression: 'sortOn stringLength [ "ccc", "a", "bb", ]', result: '[ "a", "bb", "ccc", ]' },
    furtherExamples: [
      {
        expression:
          'sortOn (x => [ -x.size, x.name, ]) [ { name = "b", size = 1, }, { name = "a", size = 1, }, ]',
        result: '[ { name = "a", size = 1, }, { name = "b", size = 1, }, ]',
      },
    ],
    forces: [1],
    run: (site, keyOf, list) => {
      const elements = listOf(force(list), site, "the list of 'sortOn'");
      if (elements.length === 0) return elements;
      const callee = functionOf(force(keyOf), site, "the function of 'sortOn'");
      const keyed = allOf(elements, (element) => ({ element, key: call(callee, element, site) }));
      return sortStable(keyed, (left, right) => compare(left.key, right.key, site) < 0).map(
        ({ element }) => element,
      );
    },
  }),
  defineBuiltin({
    name: 'compare',
    group,
    forces: [0, 1],
    signature: 'a -> a -> integer',
    description: 'Minus one, zero or one as the first value comes before, with or after the second.',
    example: { expression: 'compare "a" "b"', result: '-1' },
    run: (site, left, right) => Math.sign(compare(force(left), force(right), site)) + 0,
  }),
  defineBuiltin({
    name: 'intersectLists',
    group,
    forces: [0, 1],
    signature: '[a] -> [a] -> [a]',
    description: 'The elements of the second list that equal one of the first.',
    example: { expression: 'intersectLists [ 1, 2, 3, ] [ 3, 1, 4, ]', result: '[ 3, 1, ]' },
    run: (site, kept, list) => {
      const wanted = setOf(kept, site, "the first list of 'intersectLists'");
      const elements = listOf(force(list), site, "the second list of 'intersectLists'");
      return acceptedOf(elements, (element) => wanted.has(force(element)));
    },
  }),
  defineBuiltin({
    name: 'subtractLists',
    group,
    forces: [0, 1],
    signature: '[a] -> [a] -> [a]',
    description: 'The elements of the second list that equal none of the first.',
    example: { expression: 'subtractLists [ 1, 2, ] [ 3, 1, 4, ]', result: '[ 3, 4, ]' },
    run: (site, removed, list) => {
      const unwanted = setOf(removed, site, "the first list of 'subtractLists'");
      const elements = listOf(force(list), site, "the second list of 'subtractLists'");
      return acceptedOf(elements, (element) => !unwanted.has(force(element)));
    },
  }),
];

function setOf(list: Slot, site: Site, what: string): ValueSet {
  const set = new ValueSet();
  for (const value of allOf(listOf(force(list), site, what), force)) set.add(value);
  return set;
}
