import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, BuiltinFunction, defineBuiltin } from '../builtin.ts';
import { call, callLater, callTwo } from '../call.ts';
import { attributesOf, listOf } from '../expect.ts';
import type { Site } from '../fault.ts';
import { type Thunk, force, later } from '../thunk.ts';
import type { Slot, Value } from '../value.ts';

const group = 'functions';

export const functionBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'identity',
    group,
    signature: 'a -> a',
    description: 'The argument itself.',
    example: { expression: 'filter identity [ true, false, true, ]', result: '[ true, true, ]' },
    forces: [0],
    run: (_site, value) => force(value),
  }),
  defineBuiltin({
    name: 'constant',
    group,
    signature: 'a -> b -> a',
    description: 'The first argument, whatever the second is, which is not evaluated.',
    example: { expression: 'map (constant 0) [ 1, 2, ]', result: '[ 0, 0, ]' },
    forces: [0],
    run: (_site, value, _ignored) => force(value),
  }),
  defineBuiltin({
    name: 'flip',
    group,
    signature: '(a -> b -> c) -> b -> a -> c',
    description: 'What the function gives for the two arguments in the other order.',
    example: { expression: 'flip (a => b => a - b) 1 10', result: '9' },
    forces: [0],
    run: (site, callee, second, first) => callTwo(force(callee), first, second, site),
  }),
  defineBuiltin({
    name: 'pipe',
    group,
    signature: '[a -> a] -> a -> a',
    description:
      "The value through all functions of the list, from the first to the last; as '|>' for a list.",
    example: { expression: 'pipe [ (x => x + 1), (x => x * 10), ] 1', result: '20' },
    forces: [0],
    run: (site, functions, value) => {
      let result: Slot = value;
      for (const callee of listOf(force(functions), site, "the list of 'pipe'")) {
        result = callLater(force(callee), result, site);
      }
      return force(result);
    },
  }),
  defineBuiltin({
    name: 'fixedPoint',
    group,
    signature: '(a -> a) -> a',
    description: 'The value that the function gives when it is called with that value itself.',
    details:
      'Within one set of attributes `self @ { … }` does the same; this is for functions that are put together first.',
    example: {
      expression: 'fixedPoint (self => { name = "cab", greeting = "hello \\(self.name)", })',
      result: '{ greeting = "hello cab", name = "cab", }',
    },
    forces: [0],
    run: (site, callee) => force(fixedPoint((self) => call(force(callee), self, site))),
  }),
  defineBuiltin({
    name: 'extends',
    group,
    signature: '({ a } -> { a } -> { a }) -> ({ a } -> { a }) -> { a } -> { a }',
    description:
      'A function for fixedPoint, which gives what the second gives, updated by the first, an overlay.',
    details:
      'An overlay is a function of the finished attributes and of those before it: `final => previous => { … }`.',
    example: {
      expression:
        'fixedPoint (extends (final => previous => { a = previous.a + 10, }) (final => { a = 1, b = final.a, }))',
      result: '{ a = 11, b = 11, }',
    },
    forces: [1, 0],
    run: (site, overlay, base, final) => extended(overlay, base, final, site),
  }),
  defineBuiltin({
    name: 'composeExtensions',
    group,
    signature: '[{ a } -> { a } -> { a }] -> { a } -> { a } -> { a }',
    description: 'One overlay of all in the list, each of which sees what those before it have made.',
    example: {
      expression:
        '(makeExtensible (final => { a = 1, })).extend (composeExtensions [ (final => previous => { a = previous.a + 1, }), (final => previous => { b = previous.a, }), ]) |> (x => [ x.a, x.b, ])',
      result: '[ 2, 2, ]',
    },
    forces: [2, 0],
    run: (site, overlays, final, previous) => {
      const what = "what an overlay of 'composeExtensions' gives";
      let before = attributesOf(force(previous), site, "the attributes before 'composeExtensions'");
      let changes = Attributes.empty;
      for (const overlay of listOf(force(overlays), site, "the list of 'composeExtensions'")) {
        const change = attributesOf(callTwo(force(overlay), final, before, site), site, what);
        before = before.update(change);
        changes = changes.update(change);
      }
      return changes;
    },
  }),
  defineBuiltin({
    name: 'makeExtensible',
    group,
    signature: '({ a } -> { a }) -> { a, extend }',
    description:
      'The fixed point of the function with an attribute extend, which gives it with an overlay more.',
    example: {
      expression:
        '((makeExtensible (final => { a = 1, b = final.a, })).extend (final => previous => { a = 2, })).b',
      result: '2',
    },
    forces: [0],
    run: (site, base) => makeExtensible(base, site),
  }),
];

function fixedPoint(make: (self: Thunk) => Value): Thunk {
  const self: Thunk = later(() => make(self));
  return self;
}

function extended(overlay: Slot, base: Slot, final: Slot, site: Site): Value {
  const previous = attributesOf(call(force(base), final, site), site, 'what an overlay extends');
  const change = callTwo(force(overlay), final, previous, site);
  return previous.update(attributesOf(change, site, 'what an overlay gives'));
}

/** What `extend` is: it needs the function that it extends besides the overlay that it is called with. */
const extend = defineBuiltin({
  name: 'extend',
  group,
  signature: '({ a } -> { a }) -> ({ a } -> { a } -> { a }) -> { a, extend }',
  description: 'The fixed point of the function, extended by the overlay.',
  example: { expression: '(makeExtensible (final => { })).extend', result: '«builtin extend»' },
  run: (site, base, overlay) => makeExtensible(new BuiltinFunction(extendsDefinition, [overlay, base]), site),
});

const extendsDefinition = functionBuiltins.find(({ name }) => name === 'extends') as BuiltinDefinition;

function makeExtensible(base: Slot, site: Site): Value {
  const more = Attributes.fromMap(new Map([['extend', new BuiltinFunction(extend, [base])]]));
  const self = fixedPoint((final) => {
    const made = attributesOf(
      call(force(base), final, site),
      site,
      "what the function of 'makeExtensible' gives",
    );
    return made.update(more);
  });
  return force(self);
}
