import { Attributes } from '../../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { call } from '../../call.ts';
import { type Context, ContextCollector, contextOf, isString, textOf, withContext } from '../../context.ts';
import { plainStringOf, stringOf } from '../../expect.ts';
import { allOf } from '../../fork.ts';
import { compileRegularExpression } from '../../regular-expression.ts';
import type { PatternMatch } from '../../regular-expression/expression.ts';
import { force } from '../../thunk.ts';
import type { Slot } from '../../value.ts';
import { changed, pieces } from './changed.ts';

const group = 'strings';

/** Occurrences of a regular expression within a string. What it may consist of is told at `match`. */
export const matchingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'matchAll',
    group,
    signature: 'string -> string -> [{ text : string, groups : [string | null] }]',
    description: 'All places in the string that a regular expression matches, from left to right.',
    details:
      'The places do not overlap. `groups` is what `match` would give for the place. The syntax is told at `match`.',
    example: {
      expression: 'map (found => found.text) (matchAll "[0-9]+" "1, 23 and 4")',
      result: '[ "1", "23", "4", ]',
    },
    furtherExamples: [
      {
        expression: 'matchAll "(.)=(.)" "a=1"',
        result: '[ { groups = [ "a", "1", ], text = "a=1", }, ]',
      },
    ],
    forces: [0, 1],
    run: (site, pattern, string) => {
      const source = plainStringOf(force(pattern), site, "the regular expression of 'matchAll'");
      const subject = stringOf(force(string), site, "the string of 'matchAll'");
      return compileRegularExpression(source, site)
        .findAll(textOf(subject))
        .map((found) => describe(found, contextOf(subject)));
    },
  }),
  defineBuiltin({
    name: 'splitMatches',
    group,
    signature: 'string -> string -> [string]',
    description: 'The pieces of the string between the places that a regular expression matches.',
    details: 'Groups change nothing; `matchAll` gives what stands between the pieces.',
    example: { expression: 'splitMatches "[,;] *" "a, b;c"', result: '[ "a", "b", "c", ]' },
    forces: [0, 1],
    run: (site, pattern, string) => {
      const source = plainStringOf(force(pattern), site, "the regular expression of 'splitMatches'");
      return pieces(string, site, 'splitMatches', (text) =>
        between(text, compileRegularExpression(source, site).findAll(text)),
      );
    },
  }),
  defineBuiltin({
    name: 'replaceMatches',
    group,
    signature: 'string -> (string | { text, groups } -> string) -> string -> string',
    description: 'The string with something else in the place of whatever a regular expression matches.',
    details:
      'The second argument is the string to put there, just as it is, or a function of what `matchAll` gives for the place.',
    example: { expression: 'replaceMatches "[^a-z]+" "-" "my own  name"', result: '"my-own-name"' },
    furtherExamples: [
      {
        expression: 'replaceMatches "-(.)" (found => toUpper (head found.groups)) "to-camel-case"',
        result: '"toCamelCase"',
      },
    ],
    forces: [0, 2],
    run: (site, pattern, replacement, string) => {
      const source = plainStringOf(force(pattern), site, "the regular expression of 'replaceMatches'");
      const subject = stringOf(force(string), site, "the string of 'replaceMatches'");
      const text = textOf(subject);
      const matches = compileRegularExpression(source, site).findAll(text);
      if (matches.length === 0) return subject;
      const contexts = new ContextCollector();
      contexts.add(contextOf(subject));
      const put = force(replacement);
      const replacements = allOf(matches, (found) => {
        const value = isString(put) ? put : call(put, describe(found, contextOf(subject)), site);
        const string = stringOf(value, site, "what 'replaceMatches' puts in the place of something");
        contexts.add(contextOf(string));
        return textOf(string);
      });
      const rest = between(text, matches);
      const pairs = rest.map((piece, index) => piece + (replacements[index] ?? ''));
      return withContext(pairs.join(''), contexts.context);
    },
  }),
  defineBuiltin({
    name: 'escapePattern',
    group,
    signature: 'string -> string',
    description: 'A regular expression that matches just the string; for use outside of [brackets].',
    example: { expression: 'match (escapePattern "a.b" + "(.*)") "a.bc"', result: '[ "c", ]' },
    forces: [0],
    run: (site, string) =>
      changed(string, site, 'escapePattern', (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')),
  }),
];

function describe({ text, groups }: PatternMatch, context: Context): Attributes {
  return Attributes.fromMap(
    new Map<string, Slot>([
      ['text', withContext(text, context)],
      ['groups', groups.map((group) => (group === undefined ? null : withContext(group, context)))],
    ]),
  );
}

/** The pieces before, between and behind the matches: one more than there are. */
function between(text: string, matches: readonly PatternMatch[]): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const { index, text: found } of matches) {
    pieces.push(text.slice(start, index));
    start = index + found.length;
  }
  pieces.push(text.slice(start));
  return pieces;
}
