import { didYouMean } from '../../../diagnostics/index.ts';
import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { callTwo, callTwoLater } from '../call.ts';
import { attributesOf, booleanOf, listOf, plainStringOf } from '../expect.ts';
import { type Site, fault } from '../fault.ts';
import { acceptedOf, allOf } from '../fork.ts';
import { attributeOf, missingAttribute } from '../select.ts';
import { type Frame, Thunk, Unit, force } from '../thunk.ts';
import type { Slot, Value } from '../value.ts';

const group = 'attributes';

export const attributeBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'attributeNames',
    group,
    forces: [0],
    signature: '{ a } -> [string]',
    description: 'The names, in the order of their code points.',
    example: { expression: 'attributeNames { b = 1, a = 2, }', result: '[ "a", "b", ]' },
    run: (site, attributes) =>
      attributesOf(force(attributes), site, "the argument of 'attributeNames'").names(),
  }),
  defineBuiltin({
    name: 'attributeValues',
    group,
    forces: [0],
    signature: '{ a } -> [a]',
    description: 'The values, in the order of their names.',
    example: { expression: 'attributeValues { b = 1, a = 2, }', result: '[ 2, 1, ]' },
    run: (site, attributes) =>
      attributesOf(force(attributes), site, "the argument of 'attributeValues'").values(),
  }),
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
  defineBuiltin({
    name: 'hasAttribute',
    group,
    forces: [0, 1],
    signature: 'string -> { a } -> boolean',
    description: "Whether there is an attribute of the name; as '?' for a name that is computed.",
    example: { expression: 'hasAttribute "a" { a = 1, }', result: 'true' },
    run: (site, name, attributes) => {
      const value = force(attributes);
      return attributeOf(value, plainStringOf(force(name), site, "the name of 'hasAttribute'")) !== undefined;
    },
  }),
  defineBuiltin({
    name: 'getAttribute',
    group,
    forces: [0, 1],
    signature: 'string -> { a } -> a',
    description: "The attribute of the name; as '.' for a name that is computed.",
    example: { expression: 'getAttribute "a" { a = 1, }', result: '1' },
    run: (site, name, attributes) => {
      const value = force(attributes);
      const wanted = plainStringOf(force(name), site, "the name of 'getAttribute'");
      const slot = attributeOf(value, wanted);
      if (slot === undefined) throw missingAttribute(value, wanted, site);
      return force(slot);
    },
  }),
  defineBuiltin({
    name: 'zipAttributes',
    group,
    forces: [1],
    signature: '(string -> [a] -> b) -> [{ a }] -> { b }',
    description:
      'For each name in any of the attributes, what the function gives for the name and all its values.',
    example: {
      expression: 'zipAttributes (name => values => values) [ { a = 1, }, { a = 2, b = 3, }, ]',
      result: '{ a = [ 1, 2, ], b = [ 3, ], }',
    },
    run: (site, combine, list) => {
      const what = "the list of 'zipAttributes'";
      const all = allOf(listOf(force(list), site, what), (item) =>
        attributesOf(force(item), site, `each of ${what}`),
      );
      const values = new Map<string, Slot[]>();
      for (const attributes of all) {
        for (const [name, slot] of attributes.entries())
          values.getOrInsertComputed(name, () => []).push(slot);
      }
      return Attributes.fromMap(values).map((name, slots) => callTwoLater(combine, name, slots, site));
    },
  }),
  defineBuiltin({
    name: 'recursiveUpdate',
    group,
    forces: [0, 1],
    signature: '{ a } -> { b } -> { c }',
    description: "As '//', and where both values of a name are attributes they are updated in the same way.",
    example: {
      expression: 'recursiveUpdate { a = { x = 1, y = 2, }, } { a = { y = 3, }, }',
      result: '{ a = { x = 1, y = 3, }, }',
    },
    run: (site, left, right) =>
      recursiveUpdate(
        attributesOf(force(left), site, "the first attributes of 'recursiveUpdate'"),
        attributesOf(force(right), site, "the second attributes of 'recursiveUpdate'"),
      ),
  }),
];

function partOf(pair: Attributes, part: string, site: Site): Slot {
  const slot = pair.get(part);
  if (slot !== undefined) return slot;
  throw fault(site.span, 'CAB2005', `an element of 'attributesFromList' has no attribute '${part}'`, {
    hint: didYouMean(part, pair.names()),
  });
}

function recursiveUpdate(left: Attributes, right: Attributes): Attributes {
  return left.update(
    right.map((name, slot) => {
      const before = left.get(name);
      return before === undefined ? slot : new Thunk(updating, [before, slot]);
    }),
  );
}

const updating = new Unit((frame: Frame): Value => {
  const right = force(frame[1] as Slot);
  if (!(right instanceof Attributes)) return right;
  const left = force(frame[0] as Slot);
  return left instanceof Attributes ? recursiveUpdate(left, right) : right;
});
