import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { callTwo, callTwoLater } from '../../call.ts';
import { listOf } from '../../expect.ts';
import type { Site } from '../../fault.ts';
import { askRest } from '../../fork.ts';
import { force, later } from '../../thunk.ts';
import type { List, Slot, Value } from '../../value.ts';
import { predicate } from '../predicate.ts';

const group = 'lists';

/** One result of all elements. */
export const foldingBuiltins: readonly BuiltinDefinition[] = [
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
];

/** Each call of a fold is needed, also those behind one that waits for an effect: what that comes to they have to do without. */
function askInFold(error: unknown, elements: List, next: number, callee: Value, site: Site): unknown {
  const missing = later(() => {
    throw error;
  });
  return askRest(error, elements, next, (element) => callTwo(callee, missing, element, site));
}
