import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { forceDeep } from '../../force-deep.ts';
import { force } from '../../thunk.ts';

const group = 'control';

/** When something is evaluated. */
export const forcingBuiltins: readonly BuiltinDefinition[] = [
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
];
