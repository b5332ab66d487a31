import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { ContextCollector, contextOf, textOf, withContext } from '../../context.ts';
import { anyTextOf, listOf, stringOf } from '../../expect.ts';
import { allOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import { pieces } from './changed.ts';

const group = 'strings';

/** What is in a string, piece by piece. */
export const stringPartBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'containsString',
    group,
    signature: 'string -> string -> boolean',
    description: 'Whether the first string stands somewhere in the second.',
    example: { expression: 'containsString "a" "cab"', result: 'true' },
    forces: [1, 0],
    run: (site, part, string) =>
      anyTextOf(force(string), site, "the second string of 'containsString'").includes(
        anyTextOf(force(part), site, "the first string of 'containsString'"),
      ),
  }),
  defineBuiltin({
    name: 'characters',
    group,
    signature: 'string -> [string]',
    description: 'The code points of the string, each as a string.',
    example: { expression: 'characters "naïve"', result: '[ "n", "a", "ï", "v", "e", ]' },
    forces: [0],
    run: (site, string) => pieces(string, site, 'characters', (text) => [...text]),
  }),
  defineBuiltin({
    name: 'joinLines',
    group,
    signature: '[string] -> string',
    description: 'The strings of the list in one, with a line end behind each.',
    example: { expression: 'joinLines [ "a", "b", ]', result: '"a\\nb\\n"' },
    forces: [0],
    run: (site, list) => {
      const contexts = new ContextCollector();
      const lines = allOf(listOf(force(list), site, "the list of 'joinLines'"), (slot) => {
        const line = stringOf(force(slot), site, "each element of the list of 'joinLines'");
        contexts.add(contextOf(line));
        return `${textOf(line)}\n`;
      });
      return withContext(lines.join(''), contexts.context);
    },
  }),
];
