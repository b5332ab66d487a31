import { parseBindings, startsBinding } from './bindings.ts';
import { describe } from './describe.ts';
import { expectedExpression, expressionEnded, openedHere, parseExpression } from './expression.ts';
import { parseInterpolation, parseQuoted, parseString } from './text.ts';
import { startsExpression } from './application.ts';
import type { Parser } from './parser.ts';
import { parseSeparator, parseStraySeparator, reportSeparators, type SeparatorFaults } from './separator.ts';
import type { Token } from '../token.ts';

/**
 * `atom := identifier | quotedIdentifier | integer | float | string | path | island
 *        | parenthesized | list | attributes`
 */
export function parseAtom(p: Parser): boolean {
  const mark = p.mark();
  switch (p.kind) {
    case 'identifier':
      if (p.peek().kind === '@') return parseBound(p, mark);
      p.bump();
      p.wrap(mark, 'name');
      return true;
    case 'integer':
    case 'float': {
      const { kind } = p;
      p.bump();
      p.wrap(mark, kind);
      return true;
    }
    case 'string-start':
      return parseString(p);
    case 'quote-start':
      return parseQuotedName(p, mark);
    case 'path':
      return parsePath(p);
    case 'island-start':
      return parseIsland(p);
    case '(':
      return parseParenthesized(p);
    case '[':
      return parseList(p);
    case '{':
      return parseAttributes(p, mark);
    case 'error-operand':
      p.bump();
      p.wrap(mark, 'hole');
      return true;
    default:
      expectedExpression(p);
      return false;
  }
}

/** A quoted identifier as a variable: with an interpolation it could be any, so that is left to attribute names. */
function parseQuotedName(p: Parser, mark: number): boolean {
  const { start } = p.token;
  parseQuoted(p);
  const interpolates = p.last?.children.some((child) => 'children' in child) ?? false;
  if (!interpolates) {
    p.wrap(mark, 'name');
    return true;
  }
  p.report({
    code: 'CAB1116',
    start,
    end: p.lastEnd,
    message: 'a variable has no interpolation in its name',
    hint: 'select from attributes instead, as in set.`…`',
  });
  p.wrap(mark, 'hole');
  return true;
}

/** `parenthesized := '(' expression ')'` */
function parseParenthesized(p: Parser): boolean {
  const mark = p.mark();
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
  return true;
}

/** Passes over commas too: between parentheses they separate nothing. */
function passOver(p: Parser): void {
  while (!p.atBoundary) {
    p.bump();
    p.recover();
  }
}

/** `list := '[' (expression (',' expression)* ','?)? ']'` */
function parseList(p: Parser): boolean {
  const mark = p.mark();
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
  return true;
}

/** `attributes := (identifier '@')? '{' bindings '}'` */
export function parseAttributes(p: Parser, mark: number): boolean {
  const opener = p.token;
  p.bump();
  p.opens('}');
  parseBindings(p, '}');
  close(p, opener, '}');
  p.wrap(mark, 'attributes');
  return true;
}

function parseBound(p: Parser, mark: number): boolean {
  p.bump();
  p.bump();
  if (p.at('{')) return parseAttributes(p, mark);
  p.reportHere({
    code: 'CAB1113',
    message: `attributes or a pattern are missing before ${describe(p.token)}`,
    hint: "'@' names all of them: self @ { … }, or args @ { … } => …",
  });
  p.wrap(mark, 'hole');
  return true;
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
function parsePath(p: Parser): boolean {
  const mark = p.mark();
  parsePathParts(p);
  p.wrap(mark, 'path');
  return true;
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
function parseIsland(p: Parser): boolean {
  const mark = p.mark();
  p.bump();
  if (p.at('{')) parseAttributes(p, p.mark());
  for (;;) {
    if (p.at('interpolation-start')) parseInterpolation(p);
    else if (p.at('text') || p.at('escape') || p.at('island-subtree')) p.bump();
    else break;
  }
  if (p.bumpIf('island-end') && p.isGlued && p.at('path')) parsePathParts(p);
  p.wrap(mark, 'island');
  return true;
}
