import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { type ContextElement, contextOf, mergeContexts, textOf, withContext } from '../context.ts';
import { DerivationValue } from '../derivation-value.ts';
import { anyTextOf, stringOf } from '../expect.ts';
import { force } from '../thunk.ts';
import type { Slot } from '../value.ts';

const group = 'context';

export const contextBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'getContext',
    group,
    signature: 'string -> [{ derivation : derivation, output : string } | { tree : string }]',
    description: 'The outputs of derivations and the trees of the store that the string depends on.',
    example: { expression: 'getContext "plain"', result: '[ ]' },
    run: (site, string) => {
      const context = contextOf(stringOf(force(string), site, "the argument of 'getContext'"));
      return [...context.values()].map(describe);
    },
  }),
  defineBuiltin({
    name: 'withoutContext',
    group,
    signature: 'string -> string',
    description: 'The text alone: what is built with it does not depend on what it mentions.',
    example: { expression: 'withoutContext "plain"', result: '"plain"' },
    run: (site, string) => anyTextOf(force(string), site, "the argument of 'withoutContext'"),
  }),
  defineBuiltin({
    name: 'withContextOf',
    group,
    signature: 'string -> string -> string',
    description: 'The second string, depending on what the first depends on as well.',
    example: { expression: 'withContextOf "plain" "text"', result: '"text"' },
    forces: [1, 0],
    run: (site, source, string) => {
      const target = stringOf(force(string), site, "the second string of 'withContextOf'");
      const added = contextOf(stringOf(force(source), site, "the first string of 'withContextOf'"));
      return withContext(textOf(target), mergeContexts(contextOf(target), added));
    },
  }),
];

function describe(element: ContextElement): Slot {
  const entries: [string, Slot][] =
    element.kind === 'tree'
      ? [['tree', element.path]]
      : [
          ['derivation', DerivationValue.of(element.derivation)],
          ['output', element.output],
        ];
  return Attributes.fromMap(new Map(entries));
}
