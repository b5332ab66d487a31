import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { countOf, listOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { force } from '../../thunk.ts';
import type { List, Slot, Value } from '../../value.ts';
import { emptyList } from './empty.ts';

const group = 'lists';

/** A list by its length and places. */
export const listPartBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'length',
    group,
    forces: [0],
    signature: '[a] -> integer',
    description: 'The number of elements.',
    example: { expression: 'length [ "a", "b", ]', result: '2' },
    run: (site, list) => listOf(force(list), site, "the list of 'length'").length,
  }),
  defineBuiltin({
    name: 'head',
    group,
    forces: [0],
    signature: '[a] -> a',
    description: 'The first element of a list that is not empty.',
    example: { expression: 'head [ 1, 2, ]', result: '1' },
    run: (site, list) => elementAt(listOf(force(list), site, "the list of 'head'"), 0, site),
  }),
  defineBuiltin({
    name: 'tail',
    group,
    forces: [0],
    signature: '[a] -> [a]',
    description: 'All elements but the first of a list that is not empty.',
    example: { expression: 'tail [ 1, 2, 3, ]', result: '[ 2, 3, ]' },
    run: (site, list) => {
      const elements = listOf(force(list), site, "the list of 'tail'");
      if (elements.length === 0) throw emptyList(site);
      return elements.slice(1);
    },
  }),
  defineBuiltin({
    name: 'elementAt',
    group,
    forces: [1, 0],
    signature: 'integer -> [a] -> a',
    description: 'The element at an index; the first has index 0.',
    example: { expression: 'elementAt 1 [ "a", "b", ]', result: '"b"' },
    run: (site, index, list) =>
      elementAt(
        listOf(force(list), site, "the list of 'elementAt'"),
        countOf(force(index), site, "the index of 'elementAt'"),
        site,
      ),
  }),
  defineBuiltin({
    name: 'take',
    group,
    forces: [1, 0],
    signature: 'integer -> [a] -> [a]',
    description: 'At most so many elements from the beginning.',
    example: { expression: 'take 2 [ 1, 2, 3, ]', result: '[ 1, 2, ]' },
    run: (site, count, list) =>
      listOf(force(list), site, "the list of 'take'").slice(
        0,
        countOf(force(count), site, "the count of 'take'"),
      ),
  }),
  defineBuiltin({
    name: 'drop',
    group,
    forces: [1, 0],
    signature: 'integer -> [a] -> [a]',
    description: 'What is left without so many elements at the beginning.',
    example: { expression: 'drop 2 [ 1, 2, 3, ]', result: '[ 3, ]' },
    run: (site, count, list) =>
      listOf(force(list), site, "the list of 'drop'").slice(
        countOf(force(count), site, "the count of 'drop'"),
      ),
  }),
  defineBuiltin({
    name: 'zip',
    group,
    forces: [0, 1],
    signature: '[a] -> [b] -> [[a, b]]',
    description: 'Pairs of the elements at the same index, as many as the shorter list has.',
    example: { expression: 'zip [ 1, 2, ] [ "a", "b", ]', result: '[ [ 1, "a", ], [ 2, "b", ], ]' },
    run: (site, left, right) => {
      const first = listOf(force(left), site, "the first list of 'zip'");
      const second = listOf(force(right), site, "the second list of 'zip'");
      return first.slice(0, second.length).map((element, index) => [element, second[index] as Slot]);
    },
  }),
  defineBuiltin({
    name: 'reverse',
    group,
    forces: [0],
    signature: '[a] -> [a]',
    description: 'The elements from the last to the first.',
    example: { expression: 'reverse [ 1, 2, 3, ]', result: '[ 3, 2, 1, ]' },
    run: (site, list) => listOf(force(list), site, "the list of 'reverse'").toReversed(),
  }),
];

function elementAt(list: List, index: number, site: Site): Value {
  if (list.length === 0) throw emptyList(site);
  const element = list[index];
  if (element !== undefined) return force(element);
  throw fault(site.span, 'CAB2013', `the list has no element at index ${index}`, {
    notes: [`its ${list.length} elements have the indices 0 to ${list.length - 1}`],
  });
}
