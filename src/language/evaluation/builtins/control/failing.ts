import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { anyTextOf, booleanOf } from '../../expect.ts';
import { Fault, fault, faultOf } from '../../fault.ts';
import { force } from '../../thunk.ts';
import type { Value } from '../../value.ts';

const group = 'control';

/** Errors that are made on purpose, told more of, or caught. */
export const failingBuiltins: readonly BuiltinDefinition[] = [
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
];

function outcome(success: boolean, value: Value): Attributes {
  return Attributes.fromObject({ success, value });
}
