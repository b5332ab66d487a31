import { type Site, fault } from './fault.ts';

/** How many compiled expressions are kept. */
const cacheLimit = 256;
const cache = new Map<string, RegExp>();

/**
 * The regular expression, in the syntax of ECMAScript with its `v` flag, made to match a whole string. It sees code
 * points, knows no locale, and its dot matches no line end.
 */
export function compileRegularExpression(source: string, site: Site): RegExp {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const expression = tryCompile(source, site);
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(source, expression);
  return expression;
}

function tryCompile(source: string, site: Site): RegExp {
  try {
    // Compiled by itself first, so that a stray bracket cannot pair with one of those around it.
    return new RegExp(`^(?:${new RegExp(source, 'v').source})$`, 'v');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /, '') : '';
    throw fault(site.span, 'CAB2020', `the regular expression '${source}' is not well formed`, {
      ...(reason === '' ? {} : { notes: [reason] }),
      hint: 'a backslash is written twice in a string, and characters such as ( [ { | are escaped with it',
    });
  }
}

/** A place in a text that an expression matches. */
export interface PatternMatch {
  readonly index: number;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
}

/** All places from left to right that the expression matches. */
export function findAll(source: string, text: string, site: Site): readonly PatternMatch[] {
  compileRegularExpression(source, site);
  return Array.from(text.matchAll(new RegExp(source, 'gv')), (found) => ({
    index: found.index,
    text: found[0],
    groups: found.slice(1),
  }));
}
