import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { isString, textOf } from '../../context.ts';
import { anyTextOf } from '../../expect.ts';
import { show } from '../../show.ts';
import { force } from '../../thunk.ts';
import type { Value } from '../../value.ts';

const group = 'control';

/** Lines that are printed while something is evaluated. */
export const tellingBuiltins: readonly BuiltinDefinition[] = [
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
];

function traced(value: Value): string {
  return isString(value) ? textOf(value) : show(value, { depth: 8 });
}
