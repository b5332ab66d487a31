import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { callTwo, callTwoLater } from '../../call.ts';
import { attributesOf, booleanOf, listOf, plainStringOf } from '../../expect.ts';
import { acceptedOf, allOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import type { Slot } from '../../value.ts';

const group = 'attributes';

/** Attributes with other values, or with fewer names. */
export const attributeChangingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'mapAttributes',
    group,
    forces: [1],
    signature: '(string -> a -> b) -> { a } -> { b }',
    description: 'The attributes with what the function gives for each name and value.',
    example: {
      expression: 'mapAttributes (name => value => "\\(name)-\\(value)") { a = 1, b = 2, }',
      result: '{ a = "a-1", b = "b-2", }',
    },
    run: (site, change, attributes) =>
      attributesOf(force(attributes), site, "the attributes of 'mapAttributes'").map((name, slot) =>
        callTwoLater(change, name, slot, site),
      ),
  }),
  defineBuiltin({
    name: 'filterAttributes',
    group,
    forces: [0, 1],
    signature: '(string -> a -> boolean) -> { a } -> { a }',
    description: 'The attributes for which the function gives true.',
    example: {
      expression: 'filterAttributes (name => value => value > 1) { a = 1, b = 2, }',
      result: '{ b = 2, }',
    },
    run: (site, accept, attributes) => {
      const callee = force(accept);
      const given = attributesOf(force(attributes), site, "the attributes of 'filterAttributes'");
      const keeps = (name: string) => {
        const answer = callTwo(callee, name, given.get(name) as Slot, site);
        return booleanOf(answer, site, "what the function of 'filterAttributes' gives");
      };
      const kept = new Set(acceptedOf(given.names(), keeps));
      return given.filter((name) => kept.has(name));
    },
  }),
  defineBuiltin({
    name: 'removeAttributes',
    group,
    forces: [0, 1],
    signature: '[string] -> { a } -> { a }',
    description: 'The attributes without those of the names; a name that there is not is no error.',
    example: { expression: 'removeAttributes [ "a", ] { a = 1, b = 2, }', result: '{ b = 2, }' },
    run: (site, names, attributes) => {
      const what = "the names of 'removeAttributes'";
      const removed = allOf(listOf(force(names), site, what), (name) =>
        plainStringOf(force(name), site, `each of ${what}`),
      );
      return attributesOf(force(attributes), site, "the attributes of 'removeAttributes'").without(
        new Set(removed),
      );
    },
  }),
  defineBuiltin({
    name: 'intersectAttributes',
    group,
    forces: [0, 1],
    signature: '{ a } -> { b } -> { b }',
    description: 'The second attributes, as far as the first have their names.',
    example: {
      expression: 'intersectAttributes { a = 1, b = 2, } { b = 3, c = 4, }',
      result: '{ b = 3, }',
    },
    run: (site, names, attributes) => {
      const kept = attributesOf(force(names), site, "the first attributes of 'intersectAttributes'");
      const all = attributesOf(force(attributes), site, "the second attributes of 'intersectAttributes'");
      return all.intersect(kept);
    },
  }),
];
