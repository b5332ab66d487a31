import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { attributesOf, plainStringOf } from '../../expect.ts';
import { attributeOf, missingAttribute } from '../../select.ts';
import { force } from '../../thunk.ts';

const group = 'attributes';

/** What is in attributes. */
export const attributeReadingBuiltins: readonly BuiltinDefinition[] = [
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
    name: 'hasAttribute',
    group,
    forces: [1, 0],
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
    forces: [1, 0],
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
];
