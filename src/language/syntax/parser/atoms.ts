import { parseBindings, startsBinding } from './bindings.ts';
import { describeNext } from './describe.ts';
import { expectedExpression, expressionEnded, openedHere, parseExpression } from './expression.ts';
import { parseInterpolation, parseQuoted, parseString } from './text.ts';
import { startsExpression } from './application.ts';
import type { Parser } from './parser.ts';
import { parseSeparator, parseStraySeparator, reportSeparators, SeparatorFaults } from './separator.ts';
import type { NodeKind } from '../tree.ts';

/**
 * `atom := identifier | quotedIdentifier | integer | float | string | path | island
 *        | parenthesized | list | attributes`
 */
export function parseAtom(p: Parser): boolean {
  const mark = p.mark();
  const kind: string = p.kind;
  switch (kind) {
    case 'identifier':
      parseName(p, mark);
      return true;
    case 'string-start':
      parseString(p);
      return true;
    case '{':
      parseAttributes(p, mark);
      return true;
    case '(':
      parseParenthesized(p, mark);
      return true;
    case '[':
      parseList(p, mark);
      return true;
    case 'integer':
      takeToken(p, mark, 'integer');
      return true;
    case 'float':
      takeToken(p, mark, 'float');
      return true;
    case 'path':
      parsePath(p, mark);
      return true;
    case 'island-start':
      parseIsland(p, mark);
      return true;
    case 'quote-start':
      parseQuotedName(p, mark);
      return true;
    case 'error-operand':
      takeToken(p, mark, 'hole');
      return true;
    default:
      expectedExpression(p);
      return false;
  }
}

function takeToken(p: Parser, mark: number, kind: NodeKind): void {
  p.bump();
  p.wrap(mark, kind);
}

function parseName(p: Parser, mark: number): void {
  if (p.peek() === '@') parseBound(p, mark);
  else takeToken(p, mark, 'name');
}

/** A quoted identifier as a variable: with an interpolation it could be any, so that is left to attribute names. */
function parseQuotedName(p: Parser, mark: number): void {
  const { start } = p;
  parseQuoted(p);
  const interpolates = p.nodes.sizes[p.last] !== 1;
  if (!interpolates) return p.wrap(mark, 'name');
  p.report({
    code: 'CAB1116',
    start,
    end: p.lastEnd,
    message: 'a variable has no interpolation in its name',
    label: 'known only by evaluation',
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
  const faults = new SeparatorFaults();
  p.bump();
  p.opens(']');
  // A binding within a list belongs to the set around it: the bracket must have been forgotten.
  while (!p.atBoundary && !startsBinding(p)) {
    if (parseStraySeparator(p, faults) || parseForeignElement(p)) continue;
    if (!parseExpression(p)) p.recover();
    if (p.at('identifier') && p.text === 'for') parseComprehension(p);
    parseSeparator(p, faults, startsExpression);
  }
  reportSeparators(p, faults);
  close(p, opener, ']');
  p.wrap(mark, 'list');
}

/** `...list`, as other languages take the elements of one list into another. */
function parseForeignElement(p: Parser): boolean {
  if (!p.at('...')) return false;
  p.reportHere({
    code: 'CAB1114',
    message: "there is no spread with '...'",
    label: 'a construct of another language',
    hint: "lists are joined with '++': list ++ [ a, b, ]",
  });
  const mark = p.mark();
  p.recover();
  p.bumpIf(',');
  p.wrap(mark, 'error');
  return true;
}

/** `x for x in list`, taken whole, so that its parts are not reported too. */
function parseComprehension(p: Parser): void {
  p.reportHere({
    code: 'CAB1114',
    message: 'there are no list comprehensions',
    label: 'a construct of another language',
    hint: 'map makes a list of another, and filter takes some of its elements: map (x => x * 2) list',
  });
  p.recover();
}

/** `attributes := (identifier '@')? '{' bindings '}'` */
function parseAttributes(p: Parser, mark: number): void {
  const opener = p.token;
  p.bump();
  p.opens('}');
  const dots = parseBindings(p, '}');
  close(p, opener, '}');
  p.wrap(mark, 'attributes', dots);
}

function parseBound(p: Parser, mark: number): void {
  p.bump();
  p.bump();
  if (p.at('{')) return parseAttributes(p, mark);
  p.reportHere({
    code: 'CAB1113',
    message: `attributes or a pattern are missing before ${describeNext(p)}`,
    label: "expected '{'",
    hint: "'@' names all of them: self @ { … }, or args @ { … } => …",
  });
  p.wrap(mark, 'hole');
}

/** Takes the closing bracket; where it is missing the opening one is shown. */
function close(p: Parser, opener: number, closer: ')' | ']' | '}'): void {
  p.closes(closer);
  if (p.bumpIf(closer)) return;
  // It was closed by another bracket, which has been told.
  if (p.lastStray > opener) return;
  p.reportHere({
    code: 'CAB1102',
    message: `'${p.tokens.textOf(opener)}' is not closed`,
    label: `expected '${closer}' before ${describeNext(p)}`,
    others: [openedHere(p, opener)],
    hint: `write '${closer}' where what it closes ends`,
  });
}

/** `path := pathStart (pathText | interpolation)*`, without gaps */
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
 * `island := islandStart (islandText | attributes) subtree? '>' islandPath?`
 * `islandText := (text | escape | interpolation)*`
 * `subtree := '::/' islandText`
 * `islandPath := '/' (pathText | interpolation)*`
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
