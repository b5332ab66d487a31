import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { callLater } from '../../call.ts';
import { functionOf, listOf, plainStringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { attributeOf, missingAttribute } from '../../select.ts';
import { force, later } from '../../thunk.ts';
import { phraseOf } from '../../types.ts';
import type { Slot, Value } from '../../value.ts';

const group = 'attributes';

/** Attributes within attributes, by lists of names that are computed. */
export const attributePathBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'getAttributePath',
    group,
    signature: '[string] -> { a } -> a',
    description: "The attribute at the end of the names; as 'a.b.c' for names that are computed.",
    example: { expression: 'getAttributePath [ "a", "b", ] { a = { b = 1, }, }', result: '1' },
    forces: [1, 0],
    run: (site, path, attributes) => {
      let value = force(attributes);
      for (const name of namesOf(path, site, 'getAttributePath')) {
        const slot = attributeOf(value, name);
        if (slot === undefined) throw missingAttribute(value, name, site);
        value = force(slot);
      }
      return value;
    },
  }),
  defineBuiltin({
    name: 'getAttributePathOr',
    group,
    signature: 'b -> [string] -> { a } -> a | b',
    description: "The attribute at the end of the names, or the first argument; as 'a.b.c or default'.",
    example: { expression: 'getAttributePathOr 0 [ "a", "c", ] { a = { b = 1, }, }', result: '0' },
    forces: [1],
    run: (site, otherwise, path, attributes) => {
      const slot = slotAt(attributes, namesOf(path, site, 'getAttributePathOr'));
      return force(slot ?? otherwise);
    },
  }),
  defineBuiltin({
    name: 'hasAttributePath',
    group,
    signature: '[string] -> { a } -> boolean',
    description: "Whether there is an attribute at the end of the names; as 'a ? b.c'.",
    example: { expression: 'hasAttributePath [ "a", "b", ] { a = { b = 1, }, }', result: 'true' },
    forces: [0],
    run: (site, path, attributes) =>
      slotAt(attributes, namesOf(path, site, 'hasAttributePath')) !== undefined,
  }),
  defineBuiltin({
    name: 'setAttributePath',
    group,
    signature: '[string] -> a -> { a } -> { a }',
    description: 'The attributes with the value at the end of the names; what is missing on the way is made.',
    example: {
      expression: 'setAttributePath [ "a", "c", ] 2 { a = { b = 1, }, }',
      result: '{ a = { b = 1, c = 2, }, }',
    },
    furtherExamples: [{ expression: 'setAttributePath [ "a", "b", ] 1 { }', result: '{ a = { b = 1, }, }' }],
    forces: [0],
    run: (site, path, value, attributes) => {
      const names = namesOf(path, site, 'setAttributePath');
      return force(changedAt(attributes, names, site, 'setAttributePath', () => value));
    },
  }),
  defineBuiltin({
    name: 'updateAttributePath',
    group,
    signature: '[string] -> (a -> b) -> { a } -> { b }',
    description:
      'The attributes with what the function gives for the value at the end of the names in its place.',
    details:
      'To change several places, fold over them: `foldLeft (all => change => updateAttributePath change.path change.update all) attributes changes`.',
    example: {
      expression: 'updateAttributePath [ "a", "b", ] (b => b + 1) { a = { b = 1, c = 2, }, }',
      result: '{ a = { b = 2, c = 2, }, }',
    },
    forces: [0],
    run: (site, path, change, attributes) => {
      const names = namesOf(path, site, 'updateAttributePath');
      return force(
        changedAt(attributes, names, site, 'updateAttributePath', (before) => {
          if (before === undefined) {
            throw fault(site.span, 'CAB2005', `there is no attribute '${names.join('.')}' to update`, {
              hint: 'setAttributePath also makes what is not there',
            });
          }
          const callee = functionOf(force(change), site, "the function of 'updateAttributePath'");
          return callLater(callee, before, site);
        }),
      );
    },
  }),
];

function namesOf(path: Slot, site: Site, builtin: string): readonly string[] {
  const what = `the names of '${builtin}'`;
  return allOf(listOf(force(path), site, what), (slot) =>
    plainStringOf(force(slot), site, `each of ${what}`),
  );
}

function slotAt(attributes: Slot, names: readonly string[]): Slot | undefined {
  let slot: Slot | undefined = attributes;
  for (const name of names) {
    slot = attributeOf(force(slot), name);
    if (slot === undefined) return undefined;
  }
  return slot;
}

/** The value in `slot` with another at the end of the names. No level is evaluated before something in it is needed. */
function changedAt(
  slot: Slot | undefined,
  names: readonly string[],
  site: Site,
  builtin: string,
  change: (before: Slot | undefined) => Slot,
): Slot {
  const [name, ...rest] = names;
  if (name === undefined) return change(slot);
  const level = slot === undefined ? Attributes.empty : levelOf(force(slot), name, site, builtin);
  const before = level.get(name);
  const after =
    rest.length === 0 ? change(before) : later(() => force(changedAt(before, rest, site, builtin, change)));
  return level.update(Attributes.fromMap(new Map([[name, after]])));
}

function levelOf(value: Value, name: string, site: Site, builtin: string): Attributes {
  if (value instanceof Attributes) return value;
  throw fault(
    site.span,
    'CAB2004',
    `'${builtin}' comes to '${name}' in something that has no attributes, but is ${phraseOf(value)}`,
  );
}
