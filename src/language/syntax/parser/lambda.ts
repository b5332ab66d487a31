import { isNode, type SyntaxNode } from '../tree.ts';
import { parseExpression } from './expression.ts';
import type { Parser } from './parser.ts';

/** Whether `x =>` comes next; `x:` too, which is what others write. */
export function startsNameLambda(p: Parser): boolean {
  if (!p.at('identifier')) return false;
  const next = p.peek().kind;
  return next === '=>' || next === ':';
}

/** `lambda := identifier '=>' expression` */
export function parseNameLambda(p: Parser, mark: number): boolean {
  const parameter = p.mark();
  p.bump();
  p.wrap(parameter, 'parameter');
  return parseBody(p, mark);
}

/** Whether what was parsed last, being attributes by its form, turns out to be the pattern of a lambda. */
export function atPatternArrow(p: Parser): boolean {
  if (p.last?.kind !== 'attributes') return false;
  if (p.at('=>') || p.at(':')) return true;
  return p.at('@') && p.peek().kind === 'identifier';
}

/**
 * `lambda := (identifier '@')? pattern '=>' expression`
 * `pattern := '{' (field (',' field)* ','?)? '}'`
 * `field := identifier ('=' expression)? | '...'`
 *
 * A pattern has the form of attributes, so it is parsed as such and named here.
 */
export function parsePatternLambda(p: Parser, mark: number): boolean {
  p.rename('pattern');
  if (p.last !== undefined) checkPattern(p, p.last);
  if (p.at('@')) {
    const name = p.peek().text;
    p.reportHere({
      code: 'CAB1113',
      message: 'the name for all arguments stands before the pattern',
      hint: `write ${name} @ { … } => …`,
    });
    const binding = p.mark();
    p.bump();
    p.bump();
    p.wrap(binding, 'error');
    if (!p.at('=>') && !p.at(':')) {
      p.reportHere({ code: 'CAB1112', message: "'=>' is missing behind the pattern" });
      return true;
    }
  }
  return parseBody(p, mark);
}

function parseBody(p: Parser, mark: number): boolean {
  if (p.at(':'))
    p.reportHere({
      code: 'CAB1112',
      message: "a lambda is not written with ':'",
      hint: "write '=>' instead",
    });
  p.bump();
  parseExpression(p);
  p.wrap(mark, 'lambda');
  return true;
}

/** Reports fields that are no plain names. */
function checkPattern(p: Parser, pattern: SyntaxNode): void {
  for (const field of pattern.children) {
    if (!isNode(field) || field.kind !== 'binding') continue;
    const keys = field.children.filter((child) => isNode(child) && child.kind === 'key');
    const key = keys[0];
    if (key === undefined || (keys.length === 1 && isPlain(key as SyntaxNode))) continue;
    p.report({
      code: 'CAB1113',
      start: key.start,
      end: (keys.at(-1) as SyntaxNode).end,
      message: 'a field of a pattern is one name',
      hint: 'take the outer attribute, and select from it in the body',
    });
  }
}

function isPlain(key: SyntaxNode): boolean {
  const child = key.children[0];
  if (child === undefined || !isNode(child)) return true;
  return child.kind === 'quoted-identifier' && !child.children.some(isNode);
}
