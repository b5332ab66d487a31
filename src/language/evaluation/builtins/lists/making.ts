import { add } from '../../arithmetic.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call, callTwoLater } from '../../call.ts';
import { booleanOf, countOf, functionOf, listOf, numericOf } from '../../expect.ts';
import { allOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import { type List, type Slot, type Value, isList } from '../../value.ts';
import { generatedLengthLimit } from '../limits.ts';

const group = 'lists';

/** Lists made of something else, element by element. */
export const makingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'mapWithIndex',
    group,
    signature: '(integer -> a -> b) -> [a] -> [b]',
    description: 'The results of calling the function with the index and each element; the first index is 0.',
    example: {
      expression: 'mapWithIndex (i => x => "\\(i)\\(x)") [ "a", "b", ]',
      result: '[ "0a", "1b", ]',
    },
    forces: [1],
    run: (site, change, list) => {
      const elements = listOf(force(list), site, "the list of 'mapWithIndex'");
      return elements.map((element, index) => callTwoLater(change, index, element, site));
    },
  }),
  defineBuiltin({
    name: 'filterMap',
    group,
    signature: '(a -> b | null) -> [a] -> [b]',
    description: 'What the function gives for each element, without what is null.',
    example: {
      expression: 'filterMap (x => if x > 1 then x * 10 else null) [ 1, 2, 3, ]',
      result: '[ 20, 30, ]',
    },
    forces: [1],
    run: (site, change, list) => {
      const elements = listOf(force(list), site, "the list of 'filterMap'");
      if (elements.length === 0) return elements;
      const callee = functionOf(force(change), site, "the function of 'filterMap'");
      return allOf(elements, (element) => call(callee, element, site)).filter((value) => value !== null);
    },
  }),
  defineBuiltin({
    name: 'zipWith',
    group,
    forces: [1, 2],
    signature: '(a -> b -> c) -> [a] -> [b] -> [c]',
    description:
      'The results of calling the function with the elements at the same index, as many as the shorter list has.',
    example: { expression: 'zipWith (a => b => a + b) [ 1, 2, ] [ 10, 20, ]', result: '[ 11, 22, ]' },
    run: (site, combine, left, right) => {
      const first = listOf(force(left), site, "the first list of 'zipWith'");
      const second = listOf(force(right), site, "the second list of 'zipWith'");
      const length = Math.min(first.length, second.length);
      const made: Slot[] = [];
      for (let index = 0; index < length; index++) {
        made.push(callTwoLater(combine, first[index] as Slot, second[index] as Slot, site));
      }
      return made;
    },
  }),
  defineBuiltin({
    name: 'flatten',
    group,
    signature: '[a | [a | …]] -> [a]',
    description:
      'The elements of the list, and in the place of each list in it that list’s own, however deep.',
    details: 'To open lists one level only, see `concatenateLists`, which evaluates no element of them.',
    example: { expression: 'flatten [ 1, [ 2, [ 3, ], ], [ ], ]', result: '[ 1, 2, 3, ]' },
    forces: [0],
    run: (site, list) => flatten(listOf(force(list), site, "the argument of 'flatten'")),
  }),
  defineBuiltin({
    name: 'repeat',
    group,
    signature: 'integer -> a -> [a]',
    description: 'A list of so many elements, each of them the value.',
    example: { expression: 'repeat 3 "a"', result: '[ "a", "a", "a", ]' },
    forces: [0],
    run: (site, count, value) => {
      const length = countOf(force(count), site, "the count of 'repeat'", generatedLengthLimit);
      return Array.from<Slot>({ length }).fill(value);
    },
  }),
  defineBuiltin({
    name: 'toList',
    group,
    signature: 'a | [a] -> [a]',
    description: 'A list as it is, and anything else as a list of that alone.',
    example: { expression: 'map toList [ 1, [ 2, ], ]', result: '[ [ 1, ], [ 2, ], ]' },
    forces: [0],
    run: (_site, value) => {
      const given = force(value);
      return isList(given) ? given : [given];
    },
  }),
  defineBuiltin({
    name: 'optional',
    group,
    signature: 'boolean -> a -> [a]',
    description: 'A list of the value alone if the condition is true, else the empty list.',
    example: {
      expression: '[ "a", ] ++ optional (1 < 2) "b" ++ optional (1 > 2) "c"',
      result: '[ "a", "b", ]',
    },
    forces: [0],
    run: (site, condition, value) =>
      booleanOf(force(condition), site, "the condition of 'optional'") ? [value] : [],
  }),
  defineBuiltin({
    name: 'optionalList',
    group,
    signature: 'boolean -> [a] -> [a]',
    description: 'The list if the condition is true, else the empty one.',
    example: { expression: 'optionalList (1 > 2) [ "a", "b", ]', result: '[ ]' },
    forces: [0],
    run: (site, condition, list) =>
      booleanOf(force(condition), site, "the condition of 'optionalList'")
        ? listOf(force(list), site, "the list of 'optionalList'")
        : [],
  }),
  defineBuiltin({
    name: 'sum',
    group,
    signature: '[number] -> number',
    description: 'The numbers of the list added up; 0 for none.',
    example: { expression: 'sum [ 1, 2, 3, ]', result: '6' },
    forces: [0],
    run: (site, list) => {
      const numbers = allOf(listOf(force(list), site, "the list of 'sum'"), (element) =>
        numericOf(force(element), site, "each element of 'sum'"),
      );
      let total: Value = 0;
      for (const number of numbers) total = add(numericOf(total, site, 'the sum'), number, site);
      return total;
    },
  }),
];

function flatten(list: List): List {
  const opened = allOf(list, (slot) => {
    const value = force(slot);
    return isList(value) ? flatten(value) : value;
  });
  return opened.flat(1);
}
