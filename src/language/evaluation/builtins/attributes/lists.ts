import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call, callLater, callTwo, callTwoLater } from '../../call.ts';
import { attributesOf, booleanOf, functionOf, listOf, plainStringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf, askRest } from '../../fork.ts';
import { attributeOf } from '../../select.ts';
import { force, later } from '../../thunk.ts';
import type { Slot } from '../../value.ts';
import { generatedLengthLimit } from '../limits.ts';

const group = 'attributes';

/** Attributes made of lists, lists made of attributes, and several attributes made one. */
export const attributeListBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'mapAttributesToList',
    group,
    signature: '(string -> a -> b) -> { a } -> [b]',
    description: 'What the function gives for each name and value, in the order of the names.',
    example: {
      expression: 'mapAttributesToList (name => value => "\\(name)=\\(value)") { a = 1, b = 2, }',
      result: '[ "a=1", "b=2", ]',
    },
    forces: [1],
    run: (site, change, attributes) => {
      const given = attributesOf(force(attributes), site, "the attributes of 'mapAttributesToList'");
      return given.names().map((name) => callTwoLater(change, name, given.get(name) as Slot, site));
    },
  }),
  defineBuiltin({
    name: 'concatMapAttributes',
    group,
    signature: '(string -> a -> { b }) -> { a } -> { b }',
    description: 'All the attributes that the function gives for each name and value, in one.',
    details:
      'It renames attributes, leaves some out, and makes several of one. Where a name is given twice the later one counts, in the order of the names that it was given for.',
    example: {
      expression: 'concatMapAttributes (name => value => { `lib-\\(name)` = value, }) { a = 1, b = 2, }',
      result: '{ lib-a = 1, lib-b = 2, }',
    },
    furtherExamples: [
      {
        expression:
          'concatMapAttributes (name => value => optionalAttributes (value != null) { `\\(name)` = value, }) { a = 1, b = null, }',
        result: '{ a = 1, }',
      },
    ],
    forces: [1],
    run: (site, change, attributes) => {
      const given = attributesOf(force(attributes), site, "the attributes of 'concatMapAttributes'");
      if (given.size === 0) return given;
      const callee = functionOf(force(change), site, "the function of 'concatMapAttributes'");
      return merged(
        allOf(given.names(), (name) =>
          attributesOf(
            callTwo(callee, name, given.get(name) as Slot, site),
            site,
            "what the function of 'concatMapAttributes' gives",
          ),
        ),
      );
    },
  }),
  defineBuiltin({
    name: 'attributesFromNames',
    group,
    signature: '(string -> a) -> [string] -> { a }',
    description: 'Attributes of those names, each with what the function gives for its name.',
    example: {
      expression: 'attributesFromNames (name => "\\(name).txt") [ "a", "b", ]',
      result: '{ a = "a.txt", b = "b.txt", }',
    },
    forces: [1],
    run: (site, valueOf, names) => {
      const what = "the names of 'attributesFromNames'";
      const all = listOf(force(names), site, what);
      if (all.length === 0) return Attributes.empty;
      const callee = functionOf(force(valueOf), site, "the function of 'attributesFromNames'");
      const entries = new Map<string, Slot>();
      for (const name of allOf(all, (slot) => plainStringOf(force(slot), site, `each of ${what}`))) {
        if (!entries.has(name)) entries.set(name, callLater(callee, name, site));
      }
      return Attributes.fromMap(entries);
    },
  }),
  defineBuiltin({
    name: 'mergeAttributes',
    group,
    signature: '[{ a }] -> { a }',
    description: 'All attributes of the list in one; where several have a name the last counts.',
    example: {
      expression: 'mergeAttributes [ { a = 1, }, { b = 2, }, { a = 3, }, ]',
      result: '{ a = 3, b = 2, }',
    },
    forces: [0],
    run: (site, list) => merged(eachAttributes(list, site, 'mergeAttributes')),
  }),
  defineBuiltin({
    name: 'keepAttributes',
    group,
    signature: '[string] -> { a } -> { a }',
    description: 'The attributes of those names only; a name that there is not is no error.',
    example: { expression: 'keepAttributes [ "a", "z", ] { a = 1, b = 2, }', result: '{ a = 1, }' },
    forces: [1, 0],
    run: (site, names, attributes) => {
      const what = "the names of 'keepAttributes'";
      const given = attributesOf(force(attributes), site, "the attributes of 'keepAttributes'");
      const entries = new Map<string, Slot>();
      const wanted = allOf(listOf(force(names), site, what), (slot) =>
        plainStringOf(force(slot), site, `each of ${what}`),
      );
      for (const name of wanted) {
        const value = given.get(name);
        if (value !== undefined) entries.set(name, value);
      }
      return Attributes.fromMap(entries);
    },
  }),
  defineBuiltin({
    name: 'collectAttribute',
    group,
    signature: 'string -> [{ a }] -> [a]',
    description: 'The attribute of that name of each element that has it.',
    example: {
      expression: 'collectAttribute "a" [ { a = 1, }, { b = 2, }, { a = 3, }, ]',
      result: '[ 1, 3, ]',
    },
    forces: [0, 1],
    run: (site, name, list) => {
      const wanted = plainStringOf(force(name), site, "the name of 'collectAttribute'");
      const all = allOf(listOf(force(list), site, "the list of 'collectAttribute'"), force);
      return all.map((value) => attributeOf(value, wanted)).filter((slot) => slot !== undefined);
    },
  }),
  defineBuiltin({
    name: 'foldAttributes',
    group,
    signature: '(result -> string -> a -> result) -> result -> { a } -> result',
    description:
      'Combines each name and value with a result, in the order of the names, evaluating each result.',
    example: {
      expression:
        'foldAttributes (text => name => value => "\\(text)\\(name)\\(value)") "" { a = 1, b = 2, }',
      result: '"a1b2"',
    },
    forces: [2],
    run: (site, combine, initial, attributes) => {
      const given = attributesOf(force(attributes), site, "the attributes of 'foldAttributes'");
      if (given.size === 0) return force(initial);
      const callee = functionOf(force(combine), site, "the function of 'foldAttributes'");
      const names = given.names();
      const step = (before: Slot, name: string) =>
        call(callTwo(callee, before, name, site), given.get(name) as Slot, site);
      let result: Slot = initial;
      let index = 0;
      try {
        for (; index < names.length; index++) result = step(result, names[index] as string);
      } catch (error) {
        // The steps behind one that waits for an effect have to do without what it comes to.
        const missing = later(() => {
          throw error;
        });
        throw askRest(error, names, index + 1, (name) => step(missing, name));
      }
      return force(result);
    },
  }),
  defineBuiltin({
    name: 'optionalAttributes',
    group,
    signature: 'boolean -> { a } -> { a }',
    description: 'The attributes if the condition is true, else none.',
    example: { expression: '{ a = 1, } // optionalAttributes (1 > 2) { b = 2, }', result: '{ a = 1, }' },
    forces: [0],
    run: (site, condition, attributes) =>
      booleanOf(force(condition), site, "the condition of 'optionalAttributes'")
        ? attributesOf(force(attributes), site, "the attributes of 'optionalAttributes'")
        : Attributes.empty,
  }),
  defineBuiltin({
    name: 'cartesianProduct',
    group,
    signature: '{ [a] } -> [{ a }]',
    description: 'All ways to take one element of each list; the last name changes fastest.',
    example: {
      expression: 'cartesianProduct { os = [ "linux", ], cpu = [ "arm", "x86", ], }',
      result: '[ { cpu = "arm", os = "linux", }, { cpu = "x86", os = "linux", }, ]',
    },
    forces: [0],
    run: (site, choices) => {
      const given = attributesOf(force(choices), site, "the argument of 'cartesianProduct'");
      const lists = allOf(given.names(), (name) => ({
        name,
        list: listOf(force(given.get(name) as Slot), site, "each attribute of 'cartesianProduct'"),
      }));
      const size = lists.reduce((product, { list }) => product * list.length, 1);
      if (size > generatedLengthLimit) {
        throw fault(
          site.span,
          'CAB2022',
          `'cartesianProduct' makes at most ${generatedLengthLimit} elements`,
          {
            notes: [`these lists would make ${size}`],
          },
        );
      }
      return Array.from({ length: size }, (_, index) => choiceAt(lists, index));
    },
  }),
];

function choiceAt(
  lists: readonly { readonly name: string; readonly list: readonly Slot[] }[],
  index: number,
) {
  const entries = new Map<string, Slot>();
  let rest = index;
  for (const { name, list } of lists.toReversed()) {
    entries.set(name, list[rest % list.length] as Slot);
    rest = Math.trunc(rest / list.length);
  }
  return Attributes.fromMap(entries);
}

function eachAttributes(list: Slot, site: Site, name: string): readonly Attributes[] {
  return allOf(listOf(force(list), site, `the list of '${name}'`), (item) =>
    attributesOf(force(item), site, `each of the list of '${name}'`),
  );
}

function merged(all: readonly Attributes[]): Attributes {
  const entries = new Map<string, Slot>();
  for (const attributes of all) {
    for (const name of attributes.names()) entries.set(name, attributes.get(name) as Slot);
  }
  return Attributes.fromMap(entries);
}
