import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, BuiltinFunction, defineBuiltin } from '../../builtin.ts';
import { contextWithin } from '../../context-within.ts';
import { withContext } from '../../context.ts';
import { functionOf } from '../../expect.ts';
import type { Lambda } from '../../lambda.ts';
import { show } from '../../show.ts';
import { force } from '../../thunk.ts';

const group = 'control';

/** What can be seen of a value from outside. */
export const reflectionBuiltins: readonly BuiltinDefinition[] = [
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
];

function argumentsOf(lambda: Lambda): Map<string, boolean> {
  const fields = lambda.pattern?.fields ?? [];
  return new Map(fields.map(({ name, fallback }) => [name, fallback !== undefined]));
}
