import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { equal } from '../../equality.ts';
import { listOf } from '../../expect.ts';
import { acceptedOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import type { List, Slot } from '../../value.ts';
import { predicate } from '../predicate.ts';
import { emptyList } from './empty.ts';

const group = 'lists';

/** Where something is in a list, and the parts before and behind it. */
export const findingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'last',
    group,
    signature: '[a] -> a',
    description: 'The last element of a list that is not empty.',
    example: { expression: 'last [ 1, 2, 3, ]', result: '3' },
    forces: [0],
    run: (site, list) => {
      const elements = listOf(force(list), site, "the list of 'last'");
      const element = elements.at(-1);
      if (element !== undefined) return force(element);
      throw emptyList(site);
    },
  }),
  defineBuiltin({
    name: 'initial',
    group,
    signature: '[a] -> [a]',
    description: 'All elements but the last of a list that is not empty.',
    example: { expression: 'initial [ 1, 2, 3, ]', result: '[ 1, 2, ]' },
    forces: [0],
    run: (site, list) => {
      const elements = listOf(force(list), site, "the list of 'initial'");
      if (elements.length > 0) return elements.slice(0, -1);
      throw emptyList(site);
    },
  }),
  defineBuiltin({
    name: 'findFirst',
    group,
    signature: '(a -> boolean) -> b -> [a] -> a | b',
    description: 'The first element for which the function gives true; the second argument if there is none.',
    example: { expression: 'findFirst (x => x > 1) null [ 1, 2, 3, ]', result: '2' },
    furtherExamples: [
      { expression: 'findFirst (x => x > 9) (throw "none is greater than 9") [ 10, ]', result: '10' },
    ],
    forces: [2],
    run: (site, accept, otherwise, list) => {
      const elements = listOf(force(list), site, "the list of 'findFirst'");
      const index = firstIndex(elements, predicate(accept, site, 'findFirst'));
      return force(index < 0 ? otherwise : (elements[index] as Slot));
    },
  }),
  defineBuiltin({
    name: 'findIndex',
    group,
    signature: '(a -> boolean) -> [a] -> integer | null',
    description: 'The index of the first element for which the function gives true, or null.',
    example: { expression: 'findIndex (x => x > 1) [ 1, 2, 3, ]', result: '1' },
    forces: [1],
    run: (site, accept, list) => {
      const elements = listOf(force(list), site, "the list of 'findIndex'");
      const index = firstIndex(elements, predicate(accept, site, 'findIndex'));
      return index < 0 ? null : index;
    },
  }),
  defineBuiltin({
    name: 'indexOf',
    group,
    signature: 'a -> [a] -> integer | null',
    description: 'The index of the first element that equals the value, or null.',
    example: { expression: 'indexOf "b" [ "a", "b", ]', result: '1' },
    forces: [1],
    run: (site, value, list) => {
      const elements = listOf(force(list), site, "the list of 'indexOf'");
      const index = firstIndex(elements, (element) => equal(force(element), force(value)));
      return index < 0 ? null : index;
    },
  }),
  defineBuiltin({
    name: 'count',
    group,
    signature: '(a -> boolean) -> [a] -> integer',
    description: 'The number of elements for which the function gives true.',
    example: { expression: 'count (x => x > 1) [ 1, 2, 3, ]', result: '2' },
    forces: [1],
    run: (site, accept, list) => {
      const elements = listOf(force(list), site, "the list of 'count'");
      return acceptedOf(elements, predicate(accept, site, 'count')).length;
    },
  }),
  defineBuiltin({
    name: 'takeWhile',
    group,
    signature: '(a -> boolean) -> [a] -> [a]',
    description: 'The elements before the first for which the function gives false.',
    example: { expression: 'takeWhile (x => x < 3) [ 1, 2, 3, 1, ]', result: '[ 1, 2, ]' },
    forces: [1],
    run: (site, accept, list) => {
      const elements = listOf(force(list), site, "the list of 'takeWhile'");
      return elements.slice(0, leading(elements, predicate(accept, site, 'takeWhile')));
    },
  }),
  defineBuiltin({
    name: 'dropWhile',
    group,
    signature: '(a -> boolean) -> [a] -> [a]',
    description: 'The elements from the first on for which the function gives false.',
    example: { expression: 'dropWhile (x => x < 3) [ 1, 2, 3, 1, ]', result: '[ 3, 1, ]' },
    forces: [1],
    run: (site, accept, list) => {
      const elements = listOf(force(list), site, "the list of 'dropWhile'");
      return elements.slice(leading(elements, predicate(accept, site, 'dropWhile')));
    },
  }),
];

function firstIndex(list: List, accepts: (element: Slot) => boolean): number {
  for (let index = 0; index < list.length; index++) if (accepts(list[index] as Slot)) return index;
  return -1;
}

/** How many elements at the beginning are accepted. */
function leading(list: List, accepts: (element: Slot) => boolean): number {
  let length = 0;
  while (length < list.length && accepts(list[length] as Slot)) length++;
  return length;
}
