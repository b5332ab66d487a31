import { parseBindings } from './bindings.ts';
import { startsExpression } from './application.ts';
import { describeNext } from './describe.ts';
import { parseOperators } from './operators.ts';
import type { Parser } from './parser.ts';

/**
 * `expression := lambda | let | if | operation`
 * `lambda := nameLambda | patternLambda`
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
  const word = p.tokens.kindOf(mark) === 'identifier' ? p.tokens.textOf(mark) : '';
  if (word !== 'with' && word !== 'assert') return;
  p.report({
    code: 'CAB1114',
    start: p.tokens.startOf(mark),
    end: p.tokens.endOf(mark),
    message: `there is no '${word} …;'`,
    label: 'a statement of another language',
    hint:
      word === 'with'
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
  p.reportHere({
    code: 'CAB1101',
    message: `an expression is missing before ${describeNext(p)}`,
    label: 'expected an expression',
    hint: hintFor(p),
  });
}

/**
 * Reports that the text goes on where an expression has ended. `expected` is what may stand there, `opener` the bracket that
 * is open.
 */
export function expressionEnded(p: Parser, expected: string, opener?: number): void {
  if (p.reportStray() || p.endsInText) return;
  p.reportHere({
    code: 'CAB1104',
    message: `the expression ends before ${describeNext(p)}`,
    label: `expected ${expected}`,
    ...(opener !== undefined && { others: [openedHere(p, opener)] }),
    hint: hintAfter(p),
  });
}

/** The label of the token that opened what is not closed. */
export function openedHere(
  { tokens }: Parser,
  opener: number,
): { start: number; end: number; label: string } {
  return { start: tokens.startOf(opener), end: tokens.endOf(opener), label: 'opened here' };
}

function hintAfter(p: Parser): string {
  if (p.at(':')) return 'a condition is written if … then … else …';
  if (p.at('path') && p.text.startsWith('/')) return "a division has blanks on both sides of '/'";
  if (p.at(','))
    return 'arguments stand one behind the other: f a b, and a => b => …; several values are a list [ a, b, ]';
  if (p.at('[')) return 'an element of a list is taken with elementAt, as in elementAt 0 list';
  if (p.at('=>')) return 'a lambda takes one name or a pattern: x => …, or { a, b, } => …';
  return 'an operator joins two expressions, and an argument stands behind a function: a + b, f x';
}

function hintFor(p: Parser): string {
  if (p.at('.') && p.peek() === 'integer')
    return `a float begins with a digit: 0.${p.tokens.textOf(p.ahead())}`;
  if (p.at('<') || p.at('>')) return 'an island is written <type:body>, without blanks';
  if (p.at('//')) return 'a comment is written # to the end of the line; a division has one slash';
  if (p.at('*')) return 'a product is a * b; power raises a number to another';
  if (p.at('='))
    return "comparison is '=='; a value gets its name by = in let or in attributes, and never another one";
  if (p.at('...')) return 'three dots stand in the pattern of a lambda: { a, ... } => …';
  if (p.at('=>')) return 'a lambda is written x => …, or { a, b, } => …';
  if (p.at('end')) return 'the text ends where something is still to come';
  return 'write the value that belongs here, or take away what asks for it';
}

/** `if := 'if' expression 'then' expression 'else' expression` */
export function parseIf(p: Parser): boolean {
  const mark = p.mark();
  const word = p.token;
  p.bump();
  p.opens('then');
  p.opens('else');
  parseExpression(p);
  p.closes('then');
  const hasThen = keyword(p, 'then', word, 'if');
  if (hasThen) parseExpression(p);
  p.closes('else');
  if (keyword(p, 'else', word, 'if')) parseExpression(p);
  p.wrap(mark, 'if');
  return true;
}

/** `let := 'let' bindings 'in' expression` */
export function parseLet(p: Parser): boolean {
  const mark = p.mark();
  const word = p.token;
  p.bump();
  p.opens('in');
  parseBindings(p, 'in');
  p.closes('in');
  const hasIn = keyword(p, 'in', word, 'let');
  if (hasIn || startsExpression(p)) parseExpression(p);
  p.wrap(mark, 'let');
  return true;
}

function hintForKeyword(p: Parser, opener: 'if' | 'let'): string {
  if (opener === 'let') return 'a let is written let a = 1, b = 2, in …';
  return p.at('identifier') && (p.text === 'elif' || p.text === 'elsif')
    ? "write 'else if'"
    : 'an if is written if … then … else …';
}

function keyword(p: Parser, wanted: 'then' | 'else' | 'in', word: number, opener: 'if' | 'let'): boolean {
  if (p.bumpIf(wanted)) return true;
  p.reportHere({
    code: 'CAB1105',
    message: `'${wanted}' is missing before ${describeNext(p)}`,
    label: `expected '${wanted}'`,
    others: [
      {
        start: p.tokens.startOf(word),
        end: p.tokens.endOf(word),
        label: `belongs to this '${opener}'`,
      },
    ],
    hint: hintForKeyword(p, opener),
  });
  return false;
}
