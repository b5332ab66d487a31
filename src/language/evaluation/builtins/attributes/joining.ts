import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { callTwoLater } from '../../call.ts';
import { attributesOf, listOf } from '../../expect.ts';
import { allOf } from '../../fork.ts';
import { type Frame, Thunk, Unit, force } from '../../thunk.ts';
import type { Slot, Value } from '../../value.ts';

const group = 'attributes';

/** Several attributes made one, name by name. */
export const attributeJoiningBuiltins: readonly BuiltinDefinition[] = [
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
        const names = attributes.names();
        const slots = attributes.values();
        for (let index = 0; index < slots.length; index++) {
          const name = names[index] as string;
          const before = values.get(name);
          if (before === undefined) values.set(name, [slots[index] as Slot]);
          else before.push(slots[index] as Slot);
        }
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
