import { tokenCodes, type TokenKind, tokenKinds } from '../token.ts';
import type { NodeKind } from '../tree.ts';
import { parseApplication } from './application.ts';
import { parseAttributePath } from './keys.ts';
import { parseIf, parseLet } from './expression.ts';
import { missing, type Parser } from './parser.ts';

interface Operator {
  readonly precedence: number;
  readonly associates: 'left' | 'right' | 'not';
  readonly node: NodeKind;
}

const operator = (
  precedence: number,
  associates: Operator['associates'],
  node: NodeKind = 'binary',
): Operator => ({
  precedence,
  associates,
  node,
});

/**
 * `operator := '<|' | '|>' | '->' | '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '//' | '++' | '+' | '-' | '*' | '/'`
 *
 * From loosest to tightest.
 */
const operators: Partial<Record<TokenKind, Operator>> = {
  '<|': operator(1, 'right', 'pipe'),
  '|>': operator(1, 'left', 'pipe'),
  '->': operator(2, 'right'),
  '||': operator(3, 'left'),
  '&&': operator(4, 'left'),
  '==': operator(5, 'not'),
  '!=': operator(5, 'not'),
  '<': operator(6, 'not'),
  '<=': operator(6, 'not'),
  '>': operator(6, 'not'),
  '>=': operator(6, 'not'),
  '//': operator(7, 'right'),
  '++': operator(9, 'right'),
  '+': operator(10, 'left'),
  '-': operator(10, 'left'),
  '*': operator(11, 'left'),
  '/': operator(11, 'left'),
};

/** The same by the numbers of the kinds. */
const operatorsByCode = tokenKinds.map((kind) => operators[kind]);

const notPrecedence = 8;
const hasAttributePrecedence = 12;

/**
 * `operation := operand (operator operand | '?' attributePath)*`, grouped by the table of operators
 *
 * Parses what binds at least as tightly as `minimum`. `before` is the operator that this is the right side of, where one of the same
 * tightness may follow.
 */
export function parseOperators(p: Parser, minimum: number, before?: TokenKind): boolean {
  const mark = p.mark();
  if (!parseOperand(p)) return false;
  let previous: TokenKind | undefined;
  for (;;) {
    if (p.at('?')) {
      if (minimum > hasAttributePrecedence) return true;
      const next = p.peek();
      if (next === '?' || next === '.') {
        parseForeignSelection(p, mark, next);
        continue;
      }
      p.bump();
      p.wrap(mark, 'has-attribute', parseAttributePath(p) ? 0 : missing);
      continue;
    }
    if (p.at('=')) reportBinding(p);
    const found = operatorsByCode[p.at('=') ? tokenCodes['=='] : p.code];
    if (found === undefined || found.precedence < minimum) return true;
    const kind = p.at('=') ? '==' : p.kind;
    for (const neighbour of [previous, before]) if (neighbour !== undefined) checkChain(p, neighbour, kind);
    previous = kind;
    const sign = p.token;
    p.bump();
    if (!p.enter()) return true;
    if (found.associates === 'right') parseOperators(p, found.precedence, kind);
    else parseOperators(p, found.precedence + 1);
    p.leave();
    p.wrap(mark, found.node, sign);
  }
}

/** `a ?? b` and `a?.b`, as others say what is taken where something is missing. */
function parseForeignSelection(p: Parser, mark: number, next: '?' | '.'): void {
  p.reportHere({
    code: 'CAB1114',
    message: `there is no '?${next}'`,
    label: 'an operator of another language',
    hint: 'for what may be missing write a.b or fallback, for what may be null if a == null then fallback else a',
  });
  p.bump();
  p.bump();
  p.silence(p.token);
  if (next === '.') parseAttributePath(p);
  else if (p.enter()) {
    parseOperators(p, hasAttributePrecedence);
    p.leave();
  }
  p.wrap(mark, 'hole');
}

/** A single `=` behind an expression compares, since every binding has been seen by its name. */
function reportBinding(p: Parser): void {
  p.reportHere({
    code: 'CAB1108',
    message: "'=' binds a name, and stands here between expressions",
    label: "expected '=='",
    replacement: '==',
    hint: "comparison is '=='; names are bound in { a = 1, } or let a = 1, in …",
  });
}

/** Reports a chain such as `a == b == c`, or pipes in both directions, whose grouping nobody could guess. */
function checkChain(p: Parser, previous: TokenKind, next: TokenKind): void {
  const left = operators[previous];
  const right = operators[next];
  if (left === undefined || right === undefined || left.precedence !== right.precedence) return;
  if (left.associates === right.associates && left.associates !== 'not') return;
  p.reportHere({
    code: 'CAB1111',
    message: `'${previous}' and '${next}' do not group by themselves`,
    label: `could belong to either side of what stands between it and '${previous}'`,
    hint: 'put parentheses around one of them',
  });
}

/** `operand := lambda | let | if | '!' operation | '-' operand | application` */
function parseOperand(p: Parser): boolean {
  if (p.at('if')) return parseIf(p);
  if (p.at('let')) return parseLet(p);
  if (p.at('!') || p.at('-')) return parsePrefix(p);
  return parseApplication(p);
}

function parsePrefix(p: Parser): boolean {
  const mark = p.mark();
  const sign = p.token;
  const isNot = p.at('!');
  p.bump();
  if (!p.enter()) return true;
  if (isNot) parseOperators(p, notPrecedence);
  else parseOperators(p, hasAttributePrecedence + 1);
  p.leave();
  p.wrap(mark, 'unary', sign);
  return true;
}
