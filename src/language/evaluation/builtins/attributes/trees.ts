import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call, callTwo } from '../../call.ts';
import { equal } from '../../equality.ts';
import { attributesOf, booleanOf } from '../../expect.ts';
import type { Site } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { force, later } from '../../thunk.ts';
import type { List, Slot, Value } from '../../value.ts';

const group = 'attributes';

/** Attributes with all that is in them. A derivation is a value like another: none of these looks into it. */
export const attributeTreeBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'mapAttributesRecursive',
    group,
    signature: '([string] -> a -> b) -> { a | { … } } -> { b | { … } }',
    description:
      'As mapAttributes, but attributes within are gone into, and the function gets all names on the way.',
    example: {
      expression:
        'mapAttributesRecursive (path => value => "\\(join "." path)=\\(value)") { a = { b = 1, }, }',
      result: '{ a = { b = "a.b=1", }, }',
    },
    forces: [1],
    run: (site, change, attributes) =>
      mapTree(
        attributesOf(force(attributes), site, "the attributes of 'mapAttributesRecursive'"),
        [],
        change,
        site,
      ),
  }),
  defineBuiltin({
    name: 'collect',
    group,
    signature: '(a -> boolean) -> { a | { … } } -> [a]',
    description:
      'The values for which the function gives true; attributes for which it gives false are gone into.',
    example: {
      expression: 'collect isInteger { a = 1, b = { c = 2, d = "x", }, }',
      result: '[ 1, 2, ]',
    },
    forces: [1, 0],
    run: (site, accept, attributes) => collect(force(attributes), force(accept), site),
  }),
  defineBuiltin({
    name: 'matchAttributes',
    group,
    signature: '{ a } -> { a } -> boolean',
    description: 'Whether the second attributes have all that the first have, with equal values.',
    details: 'Where both values are attributes, those of the second may again have more.',
    example: {
      expression:
        'matchAttributes { cpu = { bits = 64, }, } { cpu = { bits = 64, name = "arm", }, os = "linux", }',
      result: 'true',
    },
    forces: [0, 1],
    run: (site, pattern, attributes) =>
      matches(
        attributesOf(force(pattern), site, "the first attributes of 'matchAttributes'"),
        attributesOf(force(attributes), site, "the second attributes of 'matchAttributes'"),
      ),
  }),
];

function mapTree(attributes: Attributes, path: readonly string[], change: Slot, site: Site): Attributes {
  return attributes.map((name, slot) =>
    later(() => {
      const value = force(slot);
      const inner = [...path, name];
      return value instanceof Attributes
        ? mapTree(value, inner, change, site)
        : callTwo(force(change), inner, value, site);
    }),
  );
}

function collect(value: Value, accept: Value, site: Site): List {
  if (booleanOf(call(accept, value, site), site, "what the function of 'collect' gives")) return [value];
  if (!(value instanceof Attributes)) return [];
  return allOf(value.values(), (slot) => collect(force(slot), accept, site)).flat(1);
}

function matches(pattern: Attributes, attributes: Attributes): boolean {
  return pattern.names().every((name) => {
    const given = attributes.get(name);
    if (given === undefined) return false;
    const [wanted, value] = [force(pattern.get(name) as Slot), force(given)];
    return wanted instanceof Attributes && value instanceof Attributes
      ? matches(wanted, value)
      : equal(wanted, value);
  });
}
