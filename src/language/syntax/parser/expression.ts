import { parseBindings } from './bindings.ts';
import { describe } from './describe.ts';
import { parseOperators } from './operators.ts';
import type { Parser } from './parser.ts';
import type { Token } from '../token.ts';

/**
 * `expression := lambda | let | if | operation`
 *
 * The first three also stand as the last operand of an operator, where they reach as far as they can; so all are
 * told apart where an operand begins.
 */
export function parseExpression(p: Parser): boolean {
  if (!p.enter()) return false;
  const mark = p.mark();
  const found = parseOperators(p, 0);
  if (found && p.at(';')) parseStatement(p, mark);
  p.leave();
  return found;
}

/** `with a; b` and `assert a; b`, which are no forms of Cab: said once, instead of about each of their parts. */
function parseStatement(p: Parser, mark: number): void {
  const word = p.firstSince(mark);
  if (word?.kind !== 'identifier' || (word.text !== 'with' && word.text !== 'assert')) return;
  p.report({
    code: 'CAB1114',
    start: word.start,
    end: word.start + word.text.length,
    message: `there is no '${word.text} …;'`,
    hint:
      word.text === 'with'
        ? 'select what is used, as in set.x, or name it with let x = set.x, in …'
        : 'write if condition then … else throw "…"',
  });
  p.bump();
  parseExpression(p);
  p.wrap(mark, 'hole');
}

/** Reports that an expression is missing before the next token. */
export function expectedExpression(p: Parser): void {
  if (p.reportStray()) return;
  const hint = hintFor(p);
  p.reportHere({
    code: 'CAB1101',
    message: `an expression is missing before ${describe(p.token)}`,
    ...(hint !== undefined && { hint }),
  });
}

/**
 * Reports that the text goes on where an expression has ended. `expected` is what may stand there, `opener` the bracket that
 * is open.
 */
export function expressionEnded(p: Parser, expected: string, opener?: Token): void {
  if (p.reportStray() || p.endsInText) return;
  const hint = hintAfter(p);
  p.reportHere({
    code: 'CAB1104',
    message: `the expression ends before ${describe(p.token)}`,
    label: `expected ${expected}`,
    ...(opener !== undefined && { others: [openedHere(opener)] }),
    ...(hint !== undefined && { hint }),
  });
}

export function openedHere(opener: Token): { start: number; end: number; label: string } {
  return { start: opener.start, end: opener.start + opener.text.length, label: 'opened here' };
}

function hintAfter(p: Parser): string | undefined {
  if (p.at(':')) return 'a condition is written if … then … else …';
  if (p.at('path') && p.token.text.startsWith('/')) return "a division has blanks on both sides of '/'";
  if (p.at(',')) return 'several values are a list [ a, b, ] or attributes { a = 1, b = 2, }';
  return undefined;
}

function hintFor(p: Parser): string | undefined {
  if (p.at('.') && p.peek().kind === 'integer') return `a float begins with a digit: 0.${p.peek().text}`;
  if (p.at('<') || p.at('>')) return 'an island is written <type:body>, without blanks';
  if (p.at('...')) return 'three dots stand in the pattern of a lambda: { a, ... } => …';
  return undefined;
}

/** `if := 'if' expression 'then' expression 'else' expression` */
export function parseIf(p: Parser): boolean {
  const mark = p.mark();
  const start = p.token;
  p.bump();
  p.opens('then');
  p.opens('else');
  parseExpression(p);
  p.closes('then');
  const hasThen = keyword(p, 'then', start.start, 'if');
  if (hasThen) parseExpression(p);
  p.closes('else');
  if (keyword(p, 'else', start.start, 'if')) parseExpression(p);
  p.wrap(mark, 'if');
  return true;
}

/** `let := 'let' bindings 'in' expression` */
export function parseLet(p: Parser): boolean {
  const mark = p.mark();
  const start = p.token;
  p.bump();
  p.opens('in');
  parseBindings(p, 'in');
  p.closes('in');
  if (keyword(p, 'in', start.start, 'let')) parseExpression(p);
  p.wrap(mark, 'let');
  return true;
}

function keyword(p: Parser, wanted: 'then' | 'else' | 'in', start: number, opener: 'if' | 'let'): boolean {
  if (p.bumpIf(wanted)) return true;
  p.reportHere({
    code: 'CAB1105',
    message: `'${wanted}' is missing before ${describe(p.token)}`,
    label: `expected '${wanted}'`,
    others: [{ start, end: start + opener.length, label: `belongs to this '${opener}'` }],
    hint:
      opener === 'let' ? 'a let is written let a = 1, b = 2, in …' : 'an if is written if … then … else …',
  });
  return false;
}
