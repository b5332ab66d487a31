import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, BuiltinFunction, defineBuiltin } from '../builtin.ts';
import { call } from '../call.ts';
import { isString, textOf, withContext } from '../context.ts';
import { contextWithin } from '../context-within.ts';
import { anyTextOf, attributesOf, booleanOf, functionOf, listOf } from '../expect.ts';
import { Fault, type Site, fault, faultOf } from '../fault.ts';
import { forceDeep } from '../force-deep.ts';
import { allOf, askRest } from '../fork.ts';
import type { Lambda } from '../lambda.ts';
import { show } from '../show.ts';
import { force } from '../thunk.ts';
import { ValueSet } from '../value-set.ts';
import type { List, Slot, Value } from '../value.ts';

const group = 'control';

export const controlBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'throw',
    group,
    signature: 'string -> never',
    description: 'Ends the evaluation with an error of that message.',
    example: { expression: '(tryEvaluate (throw "no")).success', result: 'false' },
    run: (site, message) => {
      const text = anyTextOf(force(message), site, "the message of 'throw'");
      // A message is one line; what else the author has to say stands below it.
      const [first = '', ...rest] = text.split('\n');
      throw fault(site.span, 'CAB2010', first, {
        label: 'thrown here',
        ...(rest.length > 0 && { notes: [rest.join('\n')] }),
        catchable: true,
      });
    },
  }),
  defineBuiltin({
    name: 'assert',
    group,
    signature: 'boolean -> a -> a',
    description: 'The second argument, if the first is true; else an error.',
    example: { expression: 'assert (1 < 2) "fine"', result: '"fine"' },
    run: (site, condition, value) => {
      if (booleanOf(force(condition), site, "the condition of 'assert'")) return force(value);
      throw fault(site.span, 'CAB2011', 'an assertion does not hold', {
        label: 'the condition is false',
        catchable: true,
      });
    },
  }),
  defineBuiltin({
    name: 'trace',
    group,
    signature: 'any -> a -> a',
    description: 'Prints the first argument when the second is evaluated, and gives the second.',
    example: { expression: 'trace "here" 1', result: '1' },
    run: (site, message, value) => {
      const shown = force(message);
      site.evaluation.traces.print(traced(shown));
      return force(value);
    },
  }),
  defineBuiltin({
    name: 'traceValue',
    group,
    signature: 'a -> a',
    description: 'Prints the argument when it is evaluated, and gives it.',
    example: { expression: '1 + traceValue 2', result: '3' },
    forces: [0],
    run: (site, argument) => {
      const value = force(argument);
      site.evaluation.traces.print(traced(value));
      return value;
    },
  }),
  defineBuiltin({
    name: 'warn',
    group,
    signature: 'string -> a -> a',
    description: 'Prints a warning when the second argument is evaluated, and gives that.',
    example: { expression: 'warn "this name is old" 1', result: '1' },
    run: (site, message, value) => {
      const text = anyTextOf(force(message), site, "the message of 'warn'");
      site.evaluation.traces.print(`warning: ${text}`);
      return force(value);
    },
  }),
  defineBuiltin({
    name: 'addErrorContext',
    group,
    signature: 'string -> a -> a',
    description: 'The second argument; an error while it is evaluated tells the first in its trace.',
    example: { expression: 'addErrorContext "while reading the settings" 1', result: '1' },
    run: (site, message, value) => {
      try {
        return force(value);
      } catch (error) {
        const passing = faultOf(error);
        if (passing === undefined || site.span === undefined) throw error;
        const text = anyTextOf(force(message), site, "the message of 'addErrorContext'");
        passing.addContext({ span: site.span, message: text });
        throw passing;
      }
    },
  }),
  defineBuiltin({
    name: 'show',
    group,
    signature: 'any -> string',
    description: 'The value with all that is in it, in the syntax of the language; for messages.',
    example: {
      expression: 'show { b = 1.5, a = [ "x", null, ], }',
      result: '"{ a = [ \\"x\\", null, ], b = 1.5, }"',
    },
    forces: [0],
    run: (_site, value) => {
      const given = force(value);
      const text = show(given);
      return withContext(text, contextWithin(given));
    },
  }),
  defineBuiltin({
    name: 'force',
    group,
    signature: 'any -> a -> a',
    description: 'Evaluates the first argument, and gives the second.',
    example: { expression: 'force (1 + 1) "done"', result: '"done"' },
    run: (_site, first, second) => {
      force(first);
      return force(second);
    },
  }),
  defineBuiltin({
    name: 'forceDeep',
    group,
    signature: 'any -> a -> a',
    description: 'Evaluates the first argument with all that is in it, and gives the second.',
    example: { expression: 'forceDeep [ 1, { a = 2, }, ] "done"', result: '"done"' },
    run: (_site, first, second) => {
      forceDeep(first);
      return force(second);
    },
  }),
  defineBuiltin({
    name: 'tryEvaluate',
    group,
    signature: 'a -> { success : boolean, value : a | null }',
    description:
      "Evaluates the argument and says whether it did not 'throw' or fail an 'assert'; other errors pass.",
    example: { expression: 'tryEvaluate (1 + 1)', result: '{ success = true, value = 2, }' },
    run: (_site, value) => {
      try {
        return outcome(true, force(value));
      } catch (error) {
        if (error instanceof Fault && error.catchable) return outcome(false, null);
        throw error;
      }
    },
  }),
  defineBuiltin({
    name: 'functionArguments',
    group,
    signature: '(a -> b) -> { boolean }',
    description: 'The arguments that a function with a pattern names, each with whether it has a default.',
    example: {
      expression: 'functionArguments ({ a, b = 1, } => a)',
      result: '{ a = false, b = true, }',
    },
    run: (site, value) => {
      const callee = functionOf(force(value), site, "the argument of 'functionArguments'");
      if (callee instanceof BuiltinFunction) return Attributes.empty;
      return Attributes.fromMap(argumentsOf(callee));
    },
  }),
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

function traced(value: Value): string {
  return isString(value) ? textOf(value) : show(value, { depth: 8 });
}

function argumentsOf(lambda: Lambda): Map<string, boolean> {
  const fields = lambda.pattern?.fields ?? [];
  return new Map(fields.map(({ name, fallback }) => [name, fallback !== undefined]));
}

function outcome(success: boolean, value: Value): Attributes {
  return Attributes.fromObject({ success, value });
}

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
