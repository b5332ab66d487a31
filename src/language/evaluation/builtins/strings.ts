import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { ContextCollector, contextOf, textOf, withContext } from '../context.ts';
import { anyTextOf, countOf, listOf, plainStringOf, stringOf } from '../expect.ts';
import { fault } from '../fault.ts';
import { allOf } from '../fork.ts';
import { compileRegularExpression } from '../regular-expression.ts';
import { force } from '../thunk.ts';
import { changed, pieces } from './strings/changed.ts';
import { codePointsIn, sliceCodePoints } from './strings/code-points.ts';

const group = 'strings';

const matchDetails = [
  'Regular expressions are written as in ECMAScript with its `v` flag:',
  '`.` for any character but a line end, `[a-z]`, `[^a-z]`, `\\\\d`, `\\\\w`, `\\\\s` and their opposites in capitals, `\\\\p{Letter}`,',
  '`( )` and `(?: )`, `|`, `*`, `+`, `?`, `{2,5}` and with a `?` behind them as few as possible, `^`, `$`, `\\\\b`.',
  'They see code points and know no locale. Of several ways to match the first counts that trying from left to right finds.',
  'There are no references to groups and no looks ahead or behind, so that matching takes no more time than the expression and the text are long.',
].join(' ');

export const stringBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'stringLength',
    group,
    forces: [0],
    signature: 'string -> integer',
    description: 'The number of code points.',
    example: { expression: 'stringLength "naïve"', result: '5' },
    run: (site, string) => codePointsIn(anyTextOf(force(string), site, "the argument of 'stringLength'")),
  }),
  defineBuiltin({
    name: 'substring',
    group,
    forces: [0, 1, 2],
    signature: 'integer -> integer -> string -> string',
    description: 'At most so many code points, the second argument, from an index on, the first.',
    example: { expression: 'substring 1 3 "abcdef"', result: '"bcd"' },
    run: (site, start, length, string) => {
      const from = countOf(force(start), site, "the start of 'substring'");
      const count = countOf(force(length), site, "the length of 'substring'");
      return changed(string, site, 'substring', (text) => sliceCodePoints(text, from, count));
    },
  }),
  defineBuiltin({
    name: 'split',
    group,
    forces: [0, 1],
    signature: 'string -> string -> [string]',
    description: 'The pieces of the second string between occurrences of the first.',
    example: { expression: 'split "," "a,b,,c"', result: '[ "a", "b", "", "c", ]' },
    run: (site, separator, string) => {
      const between = anyTextOf(force(separator), site, "the separator of 'split'");
      if (between === '') {
        throw fault(site.span, 'CAB2022', "the separator of 'split' cannot be empty", {
          hint: 'characters gives the code points of a string',
        });
      }
      return pieces(string, site, 'split', (text) => text.split(between));
    },
  }),
  defineBuiltin({
    name: 'join',
    group,
    forces: [0, 1],
    signature: 'string -> [string] -> string',
    description: 'The strings of the list in one, with the first argument between them.',
    example: { expression: 'join ", " [ "a", "b", ]', result: '"a, b"' },
    run: (site, separator, list) => {
      const between = stringOf(force(separator), site, "the separator of 'join'");
      const strings = listOf(force(list), site, "the list of 'join'");
      const contexts = new ContextCollector();
      contexts.add(contextOf(between));
      const texts = allOf(strings, (slot) => {
        const string = stringOf(force(slot), site, "each element of the list of 'join'");
        contexts.add(contextOf(string));
        return textOf(string);
      });
      return withContext(texts.join(textOf(between)), contexts.context);
    },
  }),
  defineBuiltin({
    name: 'lines',
    group,
    forces: [0],
    signature: 'string -> [string]',
    description: 'The lines without their ends; an end behind the last line begins no further one.',
    example: { expression: 'lines "a\\nb\\n"', result: '[ "a", "b", ]' },
    run: (site, string) =>
      pieces(string, site, 'lines', (text) => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/))),
  }),
  defineBuiltin({
    name: 'trim',
    group,
    forces: [0],
    signature: 'string -> string',
    description: 'The string without white space at its beginning and end.',
    example: { expression: 'trim "  a b\\n"', result: '"a b"' },
    run: (site, string) => changed(string, site, 'trim', (text) => text.trim()),
  }),
  defineBuiltin({
    name: 'match',
    group,
    forces: [0, 1],
    signature: 'string -> string -> null | [null | string]',
    description:
      'What the groups of a regular expression match, where it matches the whole string; else null.',
    details: matchDetails,
    example: { expression: 'match "([a-z]+)-([0-9]+)" "cab-12"', result: '[ "cab", "12", ]' },
    run: (site, pattern, string) => {
      const source = plainStringOf(force(pattern), site, "the regular expression of 'match'");
      const subject = stringOf(force(string), site, "the string of 'match'");
      const groups = compileRegularExpression(source, site).matchWhole(textOf(subject));
      if (groups === undefined) return null;
      const context = contextOf(subject);
      return groups.map((text) => (text === undefined ? null : withContext(text, context)));
    },
  }),
  defineBuiltin({
    name: 'startsWith',
    group,
    forces: [1, 0],
    signature: 'string -> string -> boolean',
    description: 'Whether the second string begins with the first.',
    example: { expression: 'startsWith "ca" "cab"', result: 'true' },
    run: (site, prefix, string) =>
      anyTextOf(force(string), site, "the string of 'startsWith'").startsWith(
        anyTextOf(force(prefix), site, "the prefix of 'startsWith'"),
      ),
  }),
  defineBuiltin({
    name: 'endsWith',
    group,
    forces: [1, 0],
    signature: 'string -> string -> boolean',
    description: 'Whether the second string ends with the first.',
    example: { expression: 'endsWith "ab" "cab"', result: 'true' },
    run: (site, suffix, string) =>
      anyTextOf(force(string), site, "the string of 'endsWith'").endsWith(
        anyTextOf(force(suffix), site, "the suffix of 'endsWith'"),
      ),
  }),
  defineBuiltin({
    name: 'toUpper',
    group,
    signature: 'string -> string',
    description: 'The string in upper case, by the rules of Unicode for no particular language.',
    example: { expression: 'toUpper "cab"', result: '"CAB"' },
    run: (site, string) => changed(string, site, 'toUpper', (text) => text.toUpperCase()),
  }),
  defineBuiltin({
    name: 'toLower',
    group,
    signature: 'string -> string',
    description: 'The string in lower case, by the rules of Unicode for no particular language.',
    example: { expression: 'toLower "CAB"', result: '"cab"' },
    run: (site, string) => changed(string, site, 'toLower', (text) => text.toLowerCase()),
  }),
];
