import type { Token } from '../token.ts';
import { keywords } from '../token.ts';

/** How messages call a token. */
export function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the file';
    case 'identifier':
      return `the name '${token.text}'`;
    case 'integer':
    case 'float':
      return `the number ${token.text}`;
    case 'string-start':
      return 'a string';
    case 'quote-start':
      return 'a quoted identifier';
    case 'path':
      return `the path '${token.text}'`;
    case 'island-start':
      return 'an island';
    case 'interpolation-end':
      return "the ')' of the interpolation";
    default:
      return (keywords as readonly string[]).includes(token.kind) ? `the keyword '${token.text}'` : `'${token.text}'`;
  }
}
