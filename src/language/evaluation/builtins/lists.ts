import { normaliseInteger } from '../arithmetic.ts';
import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { call, callLater, callTwo, callTwoLater } from '../call.ts';
import { equal } from '../equality.ts';
import { booleanOf, countOf, functionOf, integerOf, listOf, plainStringOf } from '../expect.ts';
import { type Site, fault } from '../fault.ts';
import { acceptedOf, allOf, askRest } from '../fork.ts';
import { compare } from '../order.ts';
import { sortStable } from '../sort.ts';
import { force, known, later } from '../thunk.ts';
import { ValueSet } from '../value-set.ts';
import type { List, Slot, Value } from '../value.ts';
import { generatedLengthLimit } from './limits.ts';

const group = 'lists';

export const listBuiltins: readonly BuiltinDefinition[] = [
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
      const results: Slot[] = [];
      for (let index = 0; index < elements.length; index++) {
        results.push(callLater(callee, elements[index] as Slot, site));
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
    name: 'foldLeft',
    group,
    forces: [0, 2],
    signature: '(result -> a -> result) -> result -> [a] -> result',
    description:
      'Combines the elements with a result, from the first element to the last, evaluating each result.',
    example: { expression: 'foldLeft (sum => x => sum + x) 0 [ 1, 2, 3, ]', result: '6' },
    run: (site, combine, initial, list) => {
      const callee = force(combine);
      const elements = listOf(force(list), site, "the list of 'foldLeft'");
      let result: Slot = initial;
      let index = 0;
      try {
        for (; index < elements.length; index++) {
          result = callTwo(callee, result, elements[index] as Slot, site);
        }
      } catch (error) {
        throw askInFold(error, elements, index + 1, callee, site);
      }
      return force(result);
    },
  }),
  defineBuiltin({
    name: 'foldRight',
    group,
    forces: [2],
    signature: '(a -> result -> result) -> result -> [a] -> result',
    description:
      'Combines the elements with a result, from the last element to the first, as far as it is needed.',
    example: {
      expression: 'foldRight (x => rest => [ x, ] ++ rest) [ ] [ 1, 2, ]',
      result: '[ 1, 2, ]',
    },
    run: (site, combine, initial, list) => {
      const elements = listOf(force(list), site, "the list of 'foldRight'");
      let result: Slot = initial;
      for (const element of elements.toReversed()) result = callTwoLater(combine, element, result, site);
      return force(result);
    },
  }),
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
    forces: [0, 1],
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
    forces: [0, 1],
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
    forces: [0, 1],
    signature: 'integer -> [a] -> [a]',
    description: 'What is left without so many elements at the beginning.',
    example: { expression: 'drop 2 [ 1, 2, 3, ]', result: '[ 3, ]' },
    run: (site, count, list) =>
      listOf(force(list), site, "the list of 'drop'").slice(
        countOf(force(count), site, "the count of 'drop'"),
      ),
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
    name: 'generateList',
    group,
    forces: [0, 1],
    signature: '(integer -> a) -> integer -> [a]',
    description: 'A list of so many elements, each of which the function gives for its index.',
    example: { expression: 'generateList (i => i * i) 4', result: '[ 0, 1, 4, 9, ]' },
    run: (site, generate, length) => {
      const callee = functionOf(force(generate), site, "the function of 'generateList'");
      const size = countOf(force(length), site, "the length of 'generateList'", generatedLengthLimit);
      const elements: Slot[] = [];
      for (let index = 0; index < size; index++) elements.push(callLater(callee, index, site));
      return elements;
    },
  }),
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
  defineBuiltin({
    name: 'any',
    group,
    forces: [1],
    signature: '(a -> boolean) -> [a] -> boolean',
    description: 'Whether the function gives true for at least one element.',
    example: { expression: 'any (x => x > 2) [ 1, 2, 3, ]', result: 'true' },
    run: (site, accept, list) =>
      listOf(force(list), site, "the list of 'any'").some(predicate(accept, site, 'any')),
  }),
  defineBuiltin({
    name: 'all',
    group,
    forces: [1],
    signature: '(a -> boolean) -> [a] -> boolean',
    description: 'Whether the function gives true for every element.',
    example: { expression: 'all (x => x > 2) [ 1, 2, 3, ]', result: 'false' },
    run: (site, accept, list) =>
      listOf(force(list), site, "the list of 'all'").every(predicate(accept, site, 'all')),
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
    name: 'range',
    group,
    forces: [0, 1],
    signature: 'integer -> integer -> [integer]',
    description: 'The integers from the first to the last, both included.',
    example: { expression: 'range 1 4', result: '[ 1, 2, 3, 4, ]' },
    run: (site, first, last) => {
      const [from, to] = [
        integerOf(force(first), site, "the start of 'range'"),
        integerOf(force(last), site, "the end of 'range'"),
      ];
      if (typeof from === 'number' && typeof to === 'number' && to - from < generatedLengthLimit) {
        const integers: number[] = [];
        for (let integer = from; integer <= to; integer++) integers.push(integer);
        return integers;
      }
      return largeRange(BigInt(from), BigInt(to), site);
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
];

/** Each call of a fold is needed, also those behind one that waits for an effect: what that comes to they have to do without. */
function askInFold(error: unknown, elements: List, next: number, callee: Value, site: Site): unknown {
  const missing = later(() => {
    throw error;
  });
  return askRest(error, elements, next, (element) => callTwo(callee, missing, element, site));
}

function predicate(accept: Slot, site: Site, name: string): (element: Slot) => boolean {
  const what = `what the function of '${name}' gives`;
  return (element) => {
    const answer = call(force(accept), element, site);
    return answer === true || (answer !== false && booleanOf(answer, site, what));
  };
}

function largeRange(from: bigint, to: bigint, site: Site): List {
  if (to - from >= generatedLengthLimit) {
    throw fault(site.span, 'CAB2022', `'range' makes at most ${generatedLengthLimit} elements`);
  }
  const length = to < from ? 0 : Number(to - from) + 1;
  return Array.from({ length }, (_, index) => normaliseInteger(from + BigInt(index)));
}

function elementAt(list: List, index: number, site: Site): Value {
  if (list.length === 0) throw emptyList(site);
  const element = list[index];
  if (element !== undefined) return force(element);
  throw fault(site.span, 'CAB2013', `the list has no element at index ${index}`, {
    notes: [`its ${list.length} elements have the indices 0 to ${list.length - 1}`],
  });
}

function emptyList(site: Site): Error {
  return fault(site.span, 'CAB2013', 'the list is empty, and an element of it is needed');
}

function extreme(list: List, site: Site, sign: -1 | 1): Value {
  if (list.length === 0) throw emptyList(site);
  return allOf(list, force).reduce((best, value) => (compare(value, best, site) * sign > 0 ? value : best));
}
