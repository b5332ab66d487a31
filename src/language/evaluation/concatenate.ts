import type { OperandSites } from './arithmetic.ts';
import { contextOf, isString, mergeContexts, textOf, withContext } from './context.ts';
import { isNumeric, plainStringOf } from './expect.ts';
import { describe } from './describe.ts';
import { type Site, fault } from './fault.ts';
import { hasText, hintForText, toText } from './interpolate.ts';
import { resolvePath } from './paths.ts';
import { phraseOf } from './types.ts';
import { type ContextString, IslandReference, PathValue, type Value } from './value.ts';

/** `+` of anything but two numbers: texts are joined, and a path or island is made longer by a string. */
export function concatenate(left: Value, right: Value, sites: OperandSites): Value {
  if (isString(left)) return joinTexts(left, addend(right, sites.right));
  if (left instanceof PathValue) {
    const text = plainStringOf(right, sites.right, 'what is added to a path');
    return resolvePath({ root: left.root, path: '/' }, left.path + text, sites.whole);
  }
  if (left instanceof IslandReference) {
    const text = plainStringOf(right, sites.right, 'what is added to an island');
    return resolvePath({ root: left.island.root, path: '/' }, text, sites.whole);
  }
  if (isString(right) && !isNumeric(left)) return joinTexts(addend(left, sites.left), right);
  throw fault(sites.whole.span, 'CAB2004', `${describe(left)} and ${describe(right)} cannot be added`, {
    hint: hintFor(left, right),
  });
}

/** What is added to a string; numbers are not, as `1 + "1"` is more often a mistake than meant. */
function addend(value: Value, site: Site): string | ContextString {
  if (!isNumeric(value) && hasText(value)) return toText(value, site, "an operand of '+'");
  const hint = isNumeric(value) ? 'write it into the string, as in "\\(number)"' : hintForText(value);
  throw fault(site.span, 'CAB2004', `${describe(value)} cannot be added to a string`, { hint });
}

function joinTexts(left: string | ContextString, right: string | ContextString): string | ContextString {
  return withContext(textOf(left) + textOf(right), mergeContexts(contextOf(left), contextOf(right)));
}

function hintFor(left: Value, right: Value): string | undefined {
  const [a, b] = [phraseOf(left), phraseOf(right)];
  if (a === 'a list' || b === 'a list') return "lists are joined with '++'";
  if (a === 'attributes' || b === 'attributes') return "attributes are joined with '//'";
  return isNumeric(left) && isString(right) ? 'write it into the string, as in "\\(number)"' : undefined;
}
