import { type TokenKind, tokenKinds } from '../token.ts';
import { type NodeKind, nodeKinds } from '../tree.ts';
import { parseAtom } from './atoms.ts';
import { startsBinding } from './bindings.ts';
import { parseKey } from './keys.ts';
import { parseExpression, parseIf, parseLet } from './expression.ts';
import { atPatternArrow, parseNameLambda, parsePatternLambda, startsNameLambda } from './lambda.ts';
import { missing, type Parser } from './parser.ts';

const atomKinds: readonly TokenKind[] = [
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
];

/** For the number of each kind of token whether an atom begins with it. */
const startsAtom = tokenKinds.map((kind) => atomKinds.includes(kind));

const valueKinds: readonly NodeKind[] = [
  'integer',
  'float',
  'string',
  'path',
  'island',
  'list',
  'attributes',
];

/** For the number of each kind of node whether it is certainly no function: what follows it lacks a comma before it. */
const isNeverApplied = nodeKinds.map((kind) => valueKinds.includes(kind));

export function startsExpression(p: Parser): boolean {
  return startsAtom[p.code] === true || p.at('if') || p.at('let') || p.at('!') || p.at('-');
}

/** `application := selection selection*`; a number, string, path, island, list or attribute set is not applied. */
export function parseApplication(p: Parser): boolean {
  if (p.at('identifier') && p.peek() === '{' && p.text === 'rec') skipRec(p);
  const mark = p.mark();
  if (startsNameLambda(p)) return parseNameLambda(p, mark);
  if (atFunctionOfJavaScript(p)) return parseFunctionOfJavaScript(p, mark);
  if (!parseSelection(p)) return false;
  if (atPatternArrow(p)) return parsePatternLambda(p, mark);
  if (p.at('=>') && p.isBehind('parenthesized')) return parseParametersInParentheses(p, mark);
  while (startsArgument(p)) {
    parseArgument(p);
    p.wrap(mark, 'apply');
  }
  return true;
}

function startsArgument(p: Parser): boolean {
  if (startsAtom[p.code] !== true && !p.at('if') && !p.at('let')) return false;
  const { last } = p;
  if (last !== -1 && isNeverApplied[p.nodes.kinds[last] as number] === true) return false;
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
    // Its colon is told by the same.
    if (p.peek() === ':') p.silence(p.ahead());
    parseNameLambda(p, mark);
    return;
  }
  parseSelection(p);
  if (!atPatternArrow(p)) return;
  reportArgument(p, 'a lambda');
  parsePatternLambda(p, mark);
}

/** The words by which other languages begin a function without a name. */
const lambdaWords: readonly string[] = ['lambda', 'fn', 'fun', 'func', 'function'];

function reportArgument(p: Parser, what: string): void {
  const { last, nodes, tokens } = p;
  const word = last !== -1 && nodes.sizes[last] === 1 ? tokens.textOf(nodes.firsts[last] as number) : '';
  if (what === 'a lambda' && lambdaWords.includes(word)) {
    return p.reportHere({
      code: 'CAB1114',
      message: `a lambda is not written with '${word}'`,
      label: 'begins the function',
      hint: 'write x => …, or { a, b, } => …',
    });
  }
  p.reportHere({
    code: 'CAB1115',
    message: `${what} as an argument needs parentheses`,
    label: 'begins an argument without parentheses',
    hint:
      what === 'a lambda'
        ? 'write f (x => …), or as the last thing f <| x => …; a lambda of several takes a => b => …'
        : 'write f (if …) or f (let …); a second expression has no place behind the first',
  });
}

/** `function (x) { return …`, which as a call would not go on like this. */
function atFunctionOfJavaScript(p: Parser): boolean {
  if (!p.at('identifier') || p.peek() !== '(' || p.text !== 'function') return false;
  const { tokens } = p;
  let token = p.ahead();
  for (let passed = 0; passed < longestParameters && tokens.kindOf(token) !== ')'; passed++)
    token = p.after(token);
  const brace = p.after(token);
  return tokens.kindOf(brace) === '{' && tokens.textOf(p.after(brace)) === 'return';
}

const longestParameters = 32;

function parseFunctionOfJavaScript(p: Parser, mark: number): boolean {
  p.reportHere({
    code: 'CAB1114',
    message: "a function is not written with 'function' and 'return'",
    label: 'a construct of another language',
    hint: 'write x => x + 1, or a => b => a + b: its value is what it returns',
  });
  p.bump();
  skipBrackets(p);
  skipBrackets(p);
  p.wrap(mark, 'hole');
  return true;
}

/** Passes over an opening bracket, and all up to its end. */
function skipBrackets(p: Parser): void {
  let depth = 0;
  do {
    if (p.at('(') || p.at('{') || p.at('[')) depth++;
    if (p.at(')') || p.at('}') || p.at(']')) depth--;
    p.bump();
  } while (depth > 0 && !p.at('end'));
}

/** `(a, b) => …`: what is wrong in the parentheses has been told. */
function parseParametersInParentheses(p: Parser, mark: number): boolean {
  if (p.lastReported < mark) {
    p.reportHere({
      code: 'CAB1112',
      message: 'the parameter of a lambda has no parentheses around it',
      label: 'expected a name or a pattern before it',
      hint: 'write a => …, for several a => b => …, or { a, b, } => …',
    });
  }
  p.bump();
  parseExpression(p);
  p.wrap(mark, 'hole');
  return true;
}

function skipRec(p: Parser): void {
  p.reportHere({
    code: 'CAB1114',
    message: "there is no 'rec'",
    label: 'a keyword of another language',
    hint: 'attributes refer to each other by a name for all of them: self @ { a = 1, b = self.a, }',
  });
  const mark = p.mark();
  p.bump();
  p.wrap(mark, 'error');
}

/** `selection := atom (('.' key)+ ('or' selection)?)?` */
function parseSelection(p: Parser): boolean {
  const mark = p.mark();
  if (!parseAtom(p)) return false;
  const selects = p.at('.');
  let isWhole = true;
  while (p.bumpIf('.')) isWhole = parseKey(p) && isWhole;
  const or = p.at('or') ? p.token : 0;
  if (or !== 0) parseFallback(p, selects);
  if (selects) p.wrap(mark, 'select', isWhole ? or : missing);
  return true;
}

function parseFallback(p: Parser, selects: boolean): void {
  if (!selects) {
    p.reportHere({
      code: 'CAB1117',
      message: "'or' gives a fallback to a selection, and none stands before it",
      label: 'no selection stands before this',
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
