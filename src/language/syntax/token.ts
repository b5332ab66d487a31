/** The words that are no names. */
export const keywords = ['if', 'then', 'else', 'let', 'in', 'or'] as const;

export type Keyword = (typeof keywords)[number];

/** Operators and punctuation are called by their text. */
const punctuation = [
  '<|',
  '|>',
  '->',
  '||',
  '&&',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '//',
  '!',
  '++',
  '+',
  '-',
  '*',
  '/',
  '?',
  '.',
  '...',
  '=',
  '=>',
  '@',
  ',',
  ';',
  ':',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
] as const;

export type Punctuation = (typeof punctuation)[number];

/** All kinds of tokens. A token is kept as the number of its kind, its place here; what readers pass over comes first. */
export const tokenKinds = [
  'whitespace',
  'comment',
  /** Text that the lexer has reported and that readers pass over. */
  'error',
  ...keywords,
  ...punctuation,
  'identifier',
  'integer',
  'float',
  /** `"`, or `"==` for a raw string; its end mirrors it. */
  'string-start',
  'string-end',
  'quote-start',
  'quote-end',
  /** Text of a string, quoted identifier or island, as written. */
  'text',
  'escape',
  'interpolation-start',
  'interpolation-end',
  /** Text of a path; interpolations and more of it may follow without a gap. */
  'path',
  /** `<type:` */
  'island-start',
  /** `::/` */
  'island-subtree',
  'island-end',
  /** Text that the lexer has reported and that stands where an expression would. */
  'error-operand',
  'end',
] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** The number of each kind. */
export const tokenCodes = Object.fromEntries(tokenKinds.map((kind, code) => [kind, code])) as Readonly<
  Record<TokenKind, number>
>;

const lastTrivia = 2;

/** A piece of the text. The tokens of a tree, one after the other, are the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly text: string;
}

export function isKeyword(kind: TokenKind): kind is Keyword {
  return (keywords as readonly TokenKind[]).includes(kind);
}

export function isTrivia(kind: TokenKind): boolean {
  return isTriviaCode(tokenCodes[kind]);
}

/** The same for the number of a kind. */
export function isTriviaCode(code: number): boolean {
  return code <= lastTrivia;
}
