import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call, callLater } from '../../call.ts';
import { functionOf, listOf, plainStringOf } from '../../expect.ts';
import { acceptedOf, allOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import type { Slot } from '../../value.ts';
import { predicate } from '../predicate.ts';

const group = 'lists';

/** What a function makes of each element. */
export const mappingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'map',
    group,
    forces: [1],
    signature: '(a -> b) -> [a] -> [b]',
    description: 'The results of calling the function with each element.',
    example: { expression: 'map (x => x * 2) [ 1, 2, 3, ]', result: '[ 2, 4, 6, ]' },
    run: (site, change, list) => {
      const elements = listOf(force(list), site, "the list of 'map'");
      if (elements.length === 0) return elements;
      const callee = functionOf(force(change), site, "the function of 'map'");
      // oxlint-disable-next-line unicorn/no-new-array -- An array that grows costs more than what is put into it.
      const results = new Array<Slot>(elements.length);
      for (let index = 0; index < elements.length; index++) {
        results[index] = callLater(callee, elements[index] as Slot, site);
      }
      return results;
    },
  }),
  defineBuiltin({
    name: 'filter',
    group,
    forces: [1],
    signature: '(a -> boolean) -> [a] -> [a]',
    description: 'The elements for which the function gives true.',
    example: { expression: 'filter (x => x > 1) [ 1, 2, 3, ]', result: '[ 2, 3, ]' },
    run: (site, accept, list) => {
      const accepts = predicate(accept, site, 'filter');
      return acceptedOf(listOf(force(list), site, "the list of 'filter'"), accepts);
    },
  }),
  defineBuiltin({
    name: 'concatenateLists',
    group,
    forces: [0],
    signature: '[[a]] -> [a]',
    description: 'The elements of all lists, one list after the other.',
    example: { expression: 'concatenateLists [ [ 1, ], [ 2, 3, ], ]', result: '[ 1, 2, 3, ]' },
    run: (site, lists) =>
      allOf(listOf(force(lists), site, "the list of 'concatenateLists'"), (list) =>
        listOf(force(list), site, "each element of the list of 'concatenateLists'"),
      ).flat(1),
  }),
  defineBuiltin({
    name: 'concatMap',
    group,
    forces: [0, 1],
    signature: '(a -> [b]) -> [a] -> [b]',
    description: 'The elements of the lists that the function gives for each element.',
    example: { expression: 'concatMap (x => [ x, x, ]) [ 1, 2, ]', result: '[ 1, 1, 2, 2, ]' },
    run: (site, change, list) => {
      const callee = force(change);
      return allOf(listOf(force(list), site, "the list of 'concatMap'"), (element) =>
        listOf(call(callee, element, site), site, "what the function of 'concatMap' gives"),
      ).flat(1);
    },
  }),
  defineBuiltin({
    name: 'groupBy',
    group,
    forces: [0, 1],
    signature: '(a -> string) -> [a] -> { [a] }',
    description: 'The elements by the name that the function gives for each.',
    example: {
      expression: 'groupBy (x => if x > 1 then "many" else "few") [ 1, 2, 3, ]',
      result: '{ few = [ 1, ], many = [ 2, 3, ], }',
    },
    run: (site, nameOf, list) => {
      const callee = force(nameOf);
      const elements = listOf(force(list), site, "the list of 'groupBy'");
      const names = allOf(elements, (element) =>
        plainStringOf(call(callee, element, site), site, "what the function of 'groupBy' gives"),
      );
      return Attributes.fromMap(Map.groupBy(elements, (_, index) => names[index] as string));
    },
  }),
  defineBuiltin({
    name: 'partition',
    group,
    forces: [1],
    signature: '(a -> boolean) -> [a] -> { right : [a], wrong : [a] }',
    description: 'The elements for which the function gives true, and the others.',
    example: {
      expression: 'partition (x => x > 1) [ 1, 2, 3, ]',
      result: '{ right = [ 2, 3, ], wrong = [ 1, ], }',
    },
    run: (site, accept, list) => {
      const accepts = predicate(accept, site, 'partition');
      const elements = listOf(force(list), site, "the list of 'partition'");
      const answers = allOf(elements, accepts);
      const right = elements.filter((_, index) => answers[index] === true);
      const wrong = elements.filter((_, index) => answers[index] === false);
      return Attributes.fromObject({ right, wrong });
    },
  }),
];
