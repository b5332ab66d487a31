import { parseBindings, startsBinding } from './bindings.ts';
import { describe } from './describe.ts';
import { expectedExpression, expressionEnded, openedHere, parseExpression } from './expression.ts';
import { parseInterpolation, parseQuoted, parseString } from './text.ts';
import { startsExpression } from './application.ts';
import type { Parser } from './parser.ts';
import { parseSeparator, parseStraySeparator, reportSeparators, type SeparatorFaults } from './separator.ts';
import type { Token, TokenKind } from '../token.ts';
import { isNode, type NodeKind } from '../tree.ts';

/**
 * `atom := identifier | quotedIdentifier | integer | float | string | path | island
 *        | parenthesized | list | attributes`
 */
export function parseAtom(p: Parser): boolean {
  const parse = atoms[p.kind];
  if (parse === undefined) {
    expectedExpression(p);
    return false;
  }
  parse(p, p.mark());
  return true;
}

/** What each token begins; the mark stands before it. */
const atoms: Partial<Record<TokenKind, (p: Parser, mark: number) => void>> = {
  identifier: parseName,
  integer: (p, mark) => takeToken(p, mark, 'integer'),
  float: (p, mark) => takeToken(p, mark, 'float'),
  'error-operand': (p, mark) => takeToken(p, mark, 'hole'),
  'string-start': parseString,
  'quote-start': parseQuotedName,
  path: parsePath,
  'island-start': parseIsland,
  '(': parseParenthesized,
  '[': parseList,
  '{': parseAttributes,
};

function takeToken(p: Parser, mark: number, kind: NodeKind): void {
  p.bump();
  p.wrap(mark, kind);
}

function parseName(p: Parser, mark: number): void {
  if (p.peek().kind === '@') parseBound(p, mark);
  else takeToken(p, mark, 'name');
}

/** A quoted identifier as a variable: with an interpolation it could be any, so that is left to attribute names. */
function parseQuotedName(p: Parser, mark: number): void {
  const { start } = p.token;
  parseQuoted(p);
  const interpolates = p.last?.children.some(isNode) ?? false;
  if (!interpolates) return p.wrap(mark, 'name');
  p.report({
    code: 'CAB1116',
    start,
    end: p.lastEnd,
    message: 'a variable has no interpolation in its name',
    hint: 'select from attributes instead, as in set.`…`',
  });
  p.wrap(mark, 'hole');
}

/** `parenthesized := '(' expression ')'` */
function parseParenthesized(p: Parser, mark: number): void {
  const opener = p.token;
  p.bump();
  p.opens(')');
  if (!parseExpression(p)) p.recover();
  if (p.atBoundary) {
    close(p, opener, ')');
  } else {
    expressionEnded(p, "')'", opener);
    passOver(p);
    p.closes(')');
    p.bumpIf(')');
  }
  p.wrap(mark, 'parenthesized');
}

/** Passes over commas too: between parentheses they separate nothing. */
function passOver(p: Parser): void {
  while (!p.atBoundary) {
    p.bump();
    p.recover();
  }
}

/** `list := '[' (expression (',' expression)* ','?)? ']'` */
function parseList(p: Parser, mark: number): void {
  const opener = p.token;
  const faults: SeparatorFaults = { semicolons: [], gaps: [] };
  p.bump();
  p.opens(']');
  // A binding within a list belongs to the set around it: the bracket must have been forgotten.
  while (!p.atBoundary && !startsBinding(p)) {
    if (parseStraySeparator(p, faults)) continue;
    if (!parseExpression(p)) p.recover();
    parseSeparator(p, faults, () => startsExpression(p.kind));
  }
  reportSeparators(p, faults);
  close(p, opener, ']');
  p.wrap(mark, 'list');
}

/** `attributes := (identifier '@')? '{' bindings '}'` */
function parseAttributes(p: Parser, mark: number): void {
  const opener = p.token;
  p.bump();
  p.opens('}');
  parseBindings(p, '}');
  close(p, opener, '}');
  p.wrap(mark, 'attributes');
}

function parseBound(p: Parser, mark: number): void {
  p.bump();
  p.bump();
  if (p.at('{')) return parseAttributes(p, mark);
  p.reportHere({
    code: 'CAB1113',
    message: `attributes or a pattern are missing before ${describe(p.token)}`,
    hint: "'@' names all of them: self @ { … }, or args @ { … } => …",
  });
  p.wrap(mark, 'hole');
}

/** Takes the closing bracket; where it is missing the opening one is shown. */
function close(p: Parser, opener: Token, closer: ')' | ']' | '}'): void {
  p.closes(closer);
  if (p.bumpIf(closer)) return;
  p.reportHere({
    code: 'CAB1102',
    message: `'${opener.text}' is not closed`,
    label: `expected '${closer}' before ${describe(p.token)}`,
    others: [openedHere(opener)],
  });
}

/** `path := pathText (interpolation | pathText)*`, without gaps */
function parsePath(p: Parser, mark: number): void {
  parsePathParts(p);
  p.wrap(mark, 'path');
}

function parsePathParts(p: Parser): void {
  p.bump();
  while (p.isGlued && (p.at('path') || p.at('interpolation-start'))) {
    if (p.at('path')) p.bump();
    else parseInterpolation(p);
  }
}

/**
 * `island := '<' type ':' (text | interpolation)* subtree? '>' path?
 *          | '<' type ':' attributes subtree? '>' path?`
 * `subtree := '::/' (text | interpolation)*`
 */
function parseIsland(p: Parser, mark: number): void {
  p.bump();
  if (p.at('{')) parseAttributes(p, p.mark());
  for (;;) {
    if (p.at('interpolation-start')) parseInterpolation(p);
    else if (p.at('text') || p.at('escape') || p.at('island-subtree')) p.bump();
    else break;
  }
  if (p.bumpIf('island-end') && p.isGlued && p.at('path')) parsePathParts(p);
  p.wrap(mark, 'island');
}
