import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call, callTwo } from '../../call.ts';
import { equal } from '../../equality.ts';
import { booleanOf, functionOf, listOf } from '../../expect.ts';
import type { Site } from '../../fault.ts';
import { acceptedOf, allOf } from '../../fork.ts';
import { compare } from '../../order.ts';
import { sortStable } from '../../sort.ts';
import { force, known } from '../../thunk.ts';
import { ValueSet } from '../../value-set.ts';
import type { List, Slot, Value } from '../../value.ts';
import { emptyList } from './empty.ts';

const group = 'lists';

/** Lists put in order, and lists as sets. */
export const comparingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'sort',
    group,
    forces: [0, 1],
    signature: '(a -> a -> boolean) -> [a] -> [a]',
    description:
      'The elements in order; the function says whether its first argument comes before its second.',
    example: { expression: 'sort (a => b => a < b) [ 3, 1, 2, ]', result: '[ 1, 2, 3, ]' },
    run: (site, before, list) => {
      const callee = force(before);
      const comesBefore = (left: Slot, right: Slot) => {
        const answer = callTwo(callee, left, right, site);
        return (
          answer === true ||
          (answer !== false && booleanOf(answer, site, "what the function of 'sort' gives"))
        );
      };
      return sortStable(listOf(force(list), site, "the list of 'sort'"), comesBefore, known);
    },
  }),
  defineBuiltin({
    name: 'contains',
    group,
    forces: [1],
    signature: 'a -> [a] -> boolean',
    description: 'Whether an element equals the value.',
    example: { expression: 'contains 2 [ 1, 2, 3, ]', result: 'true' },
    run: (site, value, list) => {
      const elements = listOf(force(list), site, "the list of 'contains'");
      return elements.some((element) => equal(force(element), force(value)));
    },
  }),
  defineBuiltin({
    name: 'unique',
    group,
    forces: [0],
    signature: '[a] -> [a]',
    description: 'The elements without those that equal one before them.',
    example: { expression: 'unique [ 1, 2, 1, ]', result: '[ 1, 2, ]' },
    run: (site, list) => {
      const seen = new ValueSet();
      return acceptedOf(listOf(force(list), site, "the list of 'unique'"), (element) =>
        seen.add(force(element)),
      );
    },
  }),
  defineBuiltin({
    name: 'minimum',
    group,
    forces: [0],
    signature: '[a] -> a',
    description: 'The smallest element of a list that is not empty.',
    example: { expression: 'minimum [ 2, 1, 3, ]', result: '1' },
    run: (site, list) => extreme(listOf(force(list), site, "the list of 'minimum'"), site, -1),
  }),
  defineBuiltin({
    name: 'maximum',
    group,
    forces: [0],
    signature: '[a] -> a',
    description: 'The greatest element of a list that is not empty.',
    example: { expression: 'maximum [ 2, 1, 3, ]', result: '3' },
    run: (site, list) => extreme(listOf(force(list), site, "the list of 'maximum'"), site, 1),
  }),
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

function extreme(list: List, site: Site, sign: -1 | 1): Value {
  if (list.length === 0) throw emptyList(site);
  return allOf(list, force).reduce((best, value) => (compare(value, best, site) * sign > 0 ? value : best));
}
