import { nodeCodes } from '../tree.ts';
import { parseExpression } from './expression.ts';
import type { Parser } from './parser.ts';

/** Whether `x =>` comes next; `x:` too, which is what others write. */
export function startsNameLambda(p: Parser): boolean {
  if (!p.at('identifier')) return false;
  const next = p.peek();
  return next === '=>' || next === ':';
}

/** `nameLambda := identifier '=>' expression` */
export function parseNameLambda(p: Parser, mark: number): boolean {
  const parameter = p.mark();
  p.bump();
  p.wrap(parameter, 'parameter');
  return parseBody(p, mark);
}

/** Whether what was parsed last, being attributes by its form, turns out to be the pattern of a lambda. */
export function atPatternArrow(p: Parser): boolean {
  if (!p.isBehind('attributes')) return false;
  if (p.at('=>') || p.at(':')) return true;
  return p.at('@') && p.peek() === 'identifier';
}

/**
 * `patternLambda := (identifier '@')? pattern '=>' expression`
 * `pattern := '{' (field (',' field)* ','?)? '}'`
 * `field := (identifier | quotedIdentifier) ('=' expression)? | '...'`
 *
 * A pattern has the form of attributes, so it is parsed as such and named here.
 */
export function parsePatternLambda(p: Parser, mark: number): boolean {
  p.rename('pattern');
  checkPattern(p, p.last);
  // Who writes defaults with '?' writes a colon behind the pattern: that is told once.
  if (p.at(':') && p.lastReported >= mark) p.silence(p.token);
  if (p.at('@')) {
    const name = p.tokens.textOf(p.ahead());
    p.reportHere({
      code: 'CAB1113',
      message: 'the name for all arguments stands before the pattern',
      label: 'expected before it',
      hint: `write ${name} @ { … } => …`,
    });
    const binding = p.mark();
    p.bump();
    p.bump();
    p.wrap(binding, 'error');
    if (!p.at('=>') && !p.at(':')) {
      p.reportHere({
        code: 'CAB1112',
        message: "'=>' is missing behind the pattern",
        label: "expected '=>'",
        hint: `a lambda is written ${name} @ { … } => …`,
      });
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
      label: "expected '=>'",
      hint: "write '=>' instead",
      replacement: '=>',
    });
  p.bump();
  parseExpression(p);
  p.wrap(mark, 'lambda');
  return true;
}

/** Reports fields that are no plain names. */
function checkPattern(p: Parser, pattern: number): void {
  const { nodes, tokens } = p;
  for (let field = nodes.lastChild(pattern); field !== -1; field = nodes.childBefore(field, pattern)) {
    if (nodes.kinds[field] !== nodeCodes.binding) continue;
    const keys = nodes.childrenOf(field).filter((child) => nodes.kinds[child] === nodeCodes.key);
    const [first] = keys;
    if (first === undefined || (keys.length === 1 && isPlainKey(p, first))) continue;
    p.report({
      code: 'CAB1113',
      start: tokens.startOf(nodes.firsts[first] as number),
      end: tokens.startOf(nodes.ends[keys.at(-1) ?? first] as number),
      message: 'a field of a pattern is one name',
      label: 'expected one name',
      hint: 'take the outer attribute, and select from it in the body',
    });
  }
}

/** Whether the key is one name that is written out: an identifier, or a quoted one without interpolation. */
export function isPlainKey({ nodes }: Parser, key: number): boolean {
  const size = nodes.sizes[key];
  return size === 1 || (size === 2 && nodes.kinds[key - 1] === nodeCodes['quoted-identifier']);
}
