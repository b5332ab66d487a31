import type { Token, TokenKind } from '../token.ts';
import { isKeyword } from '../token.ts';

/** What messages call the tokens whose text alone does not say what they are. */
const names: Partial<Record<TokenKind, (text: string) => string>> = {
  end: () => 'the end of the file',
  identifier: (text) => `the name '${text}'`,
  integer: (text) => `the number ${text}`,
  float: (text) => `the number ${text}`,
  'string-start': () => 'a string',
  'quote-start': () => 'a quoted identifier',
  path: (text) => `the path '${text}'`,
  'island-start': () => 'an island',
  'interpolation-end': () => "the ')' of the interpolation",
};

/** How messages call a token. */
export function describe({ kind, text }: Token): string {
  const name = names[kind];
  if (name !== undefined) return name(text);
  return isKeyword(kind) ? `the keyword '${text}'` : `'${text}'`;
}
