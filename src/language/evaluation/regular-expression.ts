import { type Site, fault } from './fault.ts';
import { RegularExpression } from './regular-expression/expression.ts';
import { TooLargePattern, stepLimit } from './regular-expression/program.ts';
import { IrregularPattern } from './regular-expression/syntax.ts';

/** How many compiled expressions are kept. */
const cacheLimit = 256;
const cache = new Map<string, RegularExpression>();

/**
 * The regular expression, in the syntax of ECMAScript with its `v` flag, as far as that is regular: without references to
 * groups and looks around, so that it takes no more time than the text is long. It sees code points, knows no locale,
 * and its dot matches no line end.
 */
export function compileRegularExpression(source: string, site: Site): RegularExpression {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const expression = tryCompile(source, site);
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(source, expression);
  return expression;
}

function tryCompile(source: string, site: Site): RegularExpression {
  try {
    // Compiled by the platform first, which tells what is not well formed.
    return new RegularExpression(new RegExp(source, 'v').source);
  } catch (error) {
    if (error instanceof IrregularPattern) {
      throw fault(
        site.span,
        'CAB2020',
        `the regular expression '${source}' is not regular: ${error.message}`,
        {
          hint: 'such an expression may take time without a bound; match more of the text, and look at its groups',
        },
      );
    }
    if (error instanceof TooLargePattern) {
      throw fault(site.span, 'CAB2020', `the regular expression '${source}' is too large`, {
        notes: [`with its repetitions written out it has more than ${stepLimit} steps`],
      });
    }
    const reason = error instanceof Error ? error.message.replace(/^.*: /, '') : '';
    throw fault(site.span, 'CAB2020', `the regular expression '${source}' is not well formed`, {
      ...(reason === '' ? {} : { notes: [reason] }),
      hint: 'a backslash is written twice in a string, and characters such as ( [ { | are escaped with it',
    });
  }
}
