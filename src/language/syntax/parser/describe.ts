import { quoted } from '../problem.ts';
import type { TokenKind } from '../token.ts';
import { isKeyword } from '../token.ts';
import type { Parser } from './parser.ts';

/** What messages call the tokens whose text alone does not say what they are. */
const names: Partial<Record<TokenKind, (text: string) => string>> = {
  end: () => 'the end of the file',
  identifier: (text) => `the name ${quoted(text)}`,
  integer: (text) => `the number ${quoted(text).slice(1, -1)}`,
  float: (text) => `the number ${quoted(text).slice(1, -1)}`,
  'string-start': () => 'a string',
  'quote-start': () => 'a quoted identifier',
  path: (text) => `the path ${quoted(text)}`,
  'island-start': () => 'an island',
  'interpolation-end': () => "the ')' of the interpolation",
};

/** How messages call the next token. */
export function describeNext({ kind, text }: Parser): string {
  const name = names[kind];
  if (name !== undefined) return name(text);
  return isKeyword(kind) ? `the keyword '${text}'` : quoted(text);
}
