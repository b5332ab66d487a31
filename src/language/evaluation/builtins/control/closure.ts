import type { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call } from '../../call.ts';
import { attributesOf, functionOf, listOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf, askRest } from '../../fork.ts';
import { force } from '../../thunk.ts';
import { ValueSet } from '../../value-set.ts';
import type { List, Slot, Value } from '../../value.ts';

const group = 'control';

/** All that can be reached from somewhere. */
export const closureBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'genericClosure',
    group,
    signature: '{ startSet : [{ key }], operator : { key } -> [{ key }] } -> [{ key }]',
    description: 'The elements of startSet, and all that operator gives for an element, each key once.',
    example: {
      expression:
        'map (x => x.key) (genericClosure { startSet = [ { key = 1, }, ], operator = x => if x.key < 3 then [ { key = x.key + 1, }, ] else [ ], })',
      result: '[ 1, 2, 3, ]',
    },
    run: (site, argument) =>
      genericClosure(attributesOf(force(argument), site, "the argument of 'genericClosure'"), site),
  }),
];

function genericClosure(given: Attributes, site: Site): List {
  const what = "of 'genericClosure'";
  const start = listOf(force(given.get('startSet') ?? null), site, `startSet ${what}`);
  const operator = functionOf(force(given.get('operator') ?? null), site, `operator ${what}`);
  const seen = new ValueSet();
  const found: Value[] = [];
  const add = (slot: Slot) => {
    const element = attributesOf(force(slot), site, `each element ${what}`);
    const key = element.get('key');
    if (key === undefined) throw fault(site.span, 'CAB2005', `an element ${what} has no attribute 'key'`);
    if (seen.add(force(key))) found.push(element);
  };
  const follow = (element: Value) => {
    allOf(listOf(call(operator, element, site), site, `what operator ${what} gives`), add);
  };
  allOf(start, add);
  let index = 0;
  try {
    for (; index < found.length; index++) follow(found[index] as Value);
    return found;
  } catch (error) {
    throw askRest(error, found, index + 1, follow);
  }
}
