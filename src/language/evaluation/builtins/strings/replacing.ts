import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { ContextCollector, contextOf, isString, mergeContexts, textOf, withContext } from '../../context.ts';
import { listOf, stringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { force } from '../../thunk.ts';
import { type ContextString, type Slot, type Value, isList } from '../../value.ts';

const group = 'strings';

/** Strings put in the place of others, without patterns. */
export const replacingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'replace',
    group,
    forces: [0, 2],
    signature: 'string -> string -> string -> string',
    description:
      'The third string with the second in the place of the first, everywhere. With two lists, each of the first list becomes its counterpart, in one pass.',
    example: { expression: 'replace "a" "o" "banana"', result: '"bonono"' },
    furtherExamples: [{ expression: 'replace [ "a", "b", ] [ "b", "a", ] "abba"', result: '"baab"' }],
    run: (site, from, to, string) => replace(force(from), to, string, site),
  }),
];

/** One text replaced by another, which needs no pattern. */
function replaceOne(
  subject: string | ContextString,
  search: string,
  put: Slot,
  site: Site,
): string | ContextString {
  const text = textOf(subject);
  let found = text.indexOf(search);
  if (found === -1) return subject;
  const replacement = replacementOf(put, site);
  const replacing = textOf(replacement);
  let result = '';
  let copied = 0;
  for (; found !== -1; found = text.indexOf(search, copied)) {
    result += text.slice(copied, found) + replacing;
    copied = found + search.length;
  }
  return withContext(result + text.slice(copied), mergeContexts(contextOf(subject), contextOf(replacement)));
}

function replacementOf(put: Slot, site: Site): string | ContextString {
  return stringOf(force(put), site, "what 'replace' puts in the place of something");
}

/** What is put somewhere is evaluated only when what it replaces is found. */
function replace(from: Value, to: Slot, string: Slot, site: Site): Value {
  if (isString(from) && textOf(from) !== '') {
    return replaceOne(stringOf(force(string), site, "the string of 'replace'"), textOf(from), to, site);
  }
  const searched = allOf(isList(from) ? from : [from], (slot) =>
    stringOf(force(slot), site, "what 'replace' looks for"),
  );
  const put = isList(from) ? listOf(force(to), site, "the second argument of 'replace'") : [to];
  if (searched.length !== put.length) {
    throw fault(site.span, 'CAB2022', "the two lists of 'replace' must be of the same length", {
      notes: [`they have ${searched.length} and ${put.length} elements`],
    });
  }
  const subject = stringOf(force(string), site, "the string of 'replace'");
  if (searched.length === 0) return subject;
  const replacements = new Map<string, Slot>();
  for (const [index, search] of searched.entries()) {
    const text = textOf(search);
    if (text === '') {
      throw fault(site.span, 'CAB2022', "what 'replace' looks for cannot be empty", {
        hint: 'characters gives the code points of a string, and join puts something between them',
      });
    }
    if (!replacements.has(text)) replacements.set(text, put[index] as Slot);
  }
  if (replacements.size === 1)
    return replaceOne(subject, textOf(searched[0] as string), put[0] as Slot, site);
  const contexts = new ContextCollector();
  contexts.add(contextOf(subject));
  const pattern = new RegExp([...replacements.keys()].map((text) => RegExp.escape(text)).join('|'), 'gu');
  const text = textOf(subject).replace(pattern, (found) => {
    const replacement = replacementOf(replacements.get(found) ?? '', site);
    contexts.add(contextOf(replacement));
    return textOf(replacement);
  });
  return withContext(text, contexts.context);
}
