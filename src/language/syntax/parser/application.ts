import type { TokenKind } from '../token.ts';
import type { NodeKind } from '../tree.ts';
import { parseAtom } from './atoms.ts';
import { startsBinding } from './bindings.ts';
import { parseKey } from './keys.ts';
import { parseIf, parseLet } from './expression.ts';
import { atPatternArrow, parseNameLambda, parsePatternLambda, startsNameLambda } from './lambda.ts';
import type { Parser } from './parser.ts';

const atoms: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  'integer',
  'float',
  'string-start',
  'quote-start',
  'path',
  'island-start',
  'error-operand',
  '(',
  '[',
  '{',
]);

/** Values that are certainly no functions: what follows one is not its argument, but lacks a comma before it. */
const neverApplied: ReadonlySet<NodeKind> = new Set<NodeKind>([
  'integer',
  'float',
  'string',
  'path',
  'island',
  'list',
  'attributes',
]);

export function startsExpression(kind: TokenKind): boolean {
  return atoms.has(kind) || kind === 'if' || kind === 'let' || kind === '!' || kind === '-';
}

/** `application := selection selection*`; a number, string, path, island, list or attribute set is not applied. */
export function parseApplication(p: Parser): boolean {
  if (p.at('identifier') && p.token.text === 'rec' && p.peek().kind === '{') skipRec(p);
  const mark = p.mark();
  if (startsNameLambda(p)) return parseNameLambda(p, mark);
  if (!parseSelection(p)) return false;
  if (atPatternArrow(p)) return parsePatternLambda(p, mark);
  while (startsArgument(p)) {
    parseArgument(p);
    p.wrap(mark, 'apply');
  }
  return true;
}

function startsArgument(p: Parser): boolean {
  if (!atoms.has(p.kind) && !p.at('if') && !p.at('let')) return false;
  if (p.last !== undefined && neverApplied.has(p.last.kind)) return false;
  return !startsBinding(p);
}

/** A lambda, `let` or `if` as an argument is taken as one, but not without a word about parentheses. */
function parseArgument(p: Parser): void {
  const mark = p.mark();
  if (p.at('if') || p.at('let')) {
    reportArgument(p, `'${p.kind}'`);
    if (!p.enter()) return;
    if (p.at('if')) parseIf(p);
    else parseLet(p);
    p.leave();
    return;
  }
  if (startsNameLambda(p)) {
    reportArgument(p, 'a lambda');
    parseNameLambda(p, mark);
    return;
  }
  parseSelection(p);
  if (!atPatternArrow(p)) return;
  reportArgument(p, 'a lambda');
  parsePatternLambda(p, mark);
}

function reportArgument(p: Parser, what: string): void {
  p.reportHere({
    code: 'CAB1115',
    message: `${what} as an argument needs parentheses`,
    hint: 'write f (x => …), or as the last thing f <| x => …',
  });
}

function skipRec(p: Parser): void {
  p.reportHere({
    code: 'CAB1114',
    message: "there is no 'rec'",
    hint: 'attributes refer to each other by a name for all of them: self @ { a = 1, b = self.a, }',
  });
  const mark = p.mark();
  p.bump();
  p.wrap(mark, 'error');
}

/** `selection := atom ('.' key)* ('or' selection)?`, the `or` only behind a key */
function parseSelection(p: Parser): boolean {
  const mark = p.mark();
  if (!parseAtom(p)) return false;
  const selects = p.at('.');
  while (p.bumpIf('.')) parseKey(p);
  if (p.at('or')) parseFallback(p, selects);
  if (selects) p.wrap(mark, 'select');
  return true;
}

function parseFallback(p: Parser, selects: boolean): void {
  if (!selects) {
    p.reportHere({
      code: 'CAB1117',
      message: "'or' gives a fallback to a selection, and none stands before it",
      hint: "write a.b or fallback; the boolean operator is '||'",
    });
  }
  const mark = p.mark();
  p.bump();
  if (!p.enter()) return;
  parseSelection(p);
  p.leave();
  if (!selects) p.wrap(mark, 'error');
}
