import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { ContextCollector, contextOf, textOf, withContext } from '../../context.ts';
import { anyTextOf, booleanOf, countOf, plainStringOf, stringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { force } from '../../thunk.ts';
import type { Slot, Value } from '../../value.ts';
import { changed } from './changed.ts';
import { codePointsIn, sliceCodePoints } from './code-points.ts';

const group = 'strings';

/** What is taken from the ends of a string or put there. */
export const stringEdgeBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'trimStart',
    group,
    signature: 'string -> string',
    description: 'The string without white space at its beginning.',
    example: { expression: 'trimStart "  a "', result: '"a "' },
    forces: [0],
    run: (site, string) => changed(string, site, 'trimStart', (text) => text.trimStart()),
  }),
  defineBuiltin({
    name: 'trimEnd',
    group,
    signature: 'string -> string',
    description: 'The string without white space at its end.',
    example: { expression: 'trimEnd "  a\\n"', result: '"  a"' },
    forces: [0],
    run: (site, string) => changed(string, site, 'trimEnd', (text) => text.trimEnd()),
  }),
  defineBuiltin({
    name: 'removePrefix',
    group,
    signature: 'string -> string -> string',
    description: 'The second string without the first at its beginning, if it is there.',
    example: { expression: 'removePrefix "v" "v1.2"', result: '"1.2"' },
    forces: [0, 1],
    run: (site, prefix, string) => {
      const removed = anyTextOf(force(prefix), site, "the prefix of 'removePrefix'");
      return changed(string, site, 'removePrefix', (text) =>
        text.startsWith(removed) ? text.slice(removed.length) : text,
      );
    },
  }),
  defineBuiltin({
    name: 'removeSuffix',
    group,
    signature: 'string -> string -> string',
    description: 'The second string without the first at its end, if it is there.',
    example: { expression: 'removeSuffix ".git" "cab.git"', result: '"cab"' },
    forces: [0, 1],
    run: (site, suffix, string) => {
      const removed = anyTextOf(force(suffix), site, "the suffix of 'removeSuffix'");
      return changed(string, site, 'removeSuffix', (text) =>
        text.endsWith(removed) ? text.slice(0, text.length - removed.length) : text,
      );
    },
  }),
  defineBuiltin({
    name: 'padStart',
    group,
    signature: 'integer -> string -> string -> string',
    description: 'The last string, with the second repeated before it until there are so many code points.',
    example: { expression: 'padStart 3 "0" "7"', result: '"007"' },
    forces: [0, 1, 2],
    run: (site, width, fill, string) =>
      padded(width, fill, string, site, 'padStart', (padding, text) => padding + text),
  }),
  defineBuiltin({
    name: 'padEnd',
    group,
    signature: 'integer -> string -> string -> string',
    description: 'The last string, with the second repeated behind it until there are so many code points.',
    example: { expression: 'padEnd 5 "." "ab"', result: '"ab..."' },
    forces: [0, 1, 2],
    run: (site, width, fill, string) =>
      padded(width, fill, string, site, 'padEnd', (padding, text) => text + padding),
  }),
  defineBuiltin({
    name: 'repeatString',
    group,
    signature: 'integer -> string -> string',
    description: 'The string so many times in a row.',
    example: { expression: 'repeatString 3 "ab"', result: '"ababab"' },
    forces: [0, 1],
    run: (site, count, string) => {
      const times = countOf(force(count), site, "the count of 'repeatString'");
      return changed(string, site, 'repeatString', (text) => text.repeat(times));
    },
  }),
  defineBuiltin({
    name: 'optionalString',
    group,
    signature: 'boolean -> string -> string',
    description: 'The string if the condition is true, else the empty one.',
    example: { expression: '"a" + optionalString (1 > 2) "b"', result: '"a"' },
    forces: [0],
    run: (site, condition, string) =>
      booleanOf(force(condition), site, "the condition of 'optionalString'")
        ? stringOf(force(string), site, "the string of 'optionalString'")
        : '',
  }),
  defineBuiltin({
    name: 'indent',
    group,
    signature: 'string -> string -> string',
    description: 'The second string with the first before each line that is not empty.',
    example: { expression: 'indent "  " "a\\n\\nb\\n"', result: '"  a\\n\\n  b\\n"' },
    forces: [0, 1],
    run: (site, prefix, string) => {
      const before = stringOf(force(prefix), site, "the prefix of 'indent'");
      const subject = stringOf(force(string), site, "the string of 'indent'");
      const contexts = new ContextCollector();
      contexts.add(contextOf(before));
      contexts.add(contextOf(subject));
      const margin = textOf(before);
      const lines = textOf(subject).split('\n');
      const indented = lines.map((line) => (line === '' || line === '\r' ? line : margin + line));
      return withContext(indented.join('\n'), contexts.context);
    },
  }),
];

function padded(
  width: Slot,
  fill: Slot,
  string: Slot,
  site: Site,
  name: string,
  put: (padding: string, text: string) => string,
): Value {
  const wanted = countOf(force(width), site, `the width of '${name}'`);
  const filling = plainStringOf(force(fill), site, `the filling of '${name}'`);
  if (filling === '') throw fault(site.span, 'CAB2022', `the filling of '${name}' cannot be empty`);
  return changed(string, site, name, (text) => {
    const missing = wanted - codePointsIn(text);
    if (missing <= 0) return text;
    const times = Math.ceil(missing / codePointsIn(filling));
    return put(sliceCodePoints(filling.repeat(times), 0, missing), text);
  });
}
