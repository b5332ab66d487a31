import { isKeyword } from '../token.ts';
import { describeNext } from './describe.ts';
import type { Parser } from './parser.ts';
import { parseQuoted, parseString } from './text.ts';

/** `attributePath := key ('.' key)*`. Tells whether all keys are there. */
export function parseAttributePath(p: Parser): boolean {
  let isWhole = parseKey(p);
  while (p.bumpIf('.')) isWhole = parseKey(p) && isWhole;
  return isWhole;
}

/** `key := identifier | quotedIdentifier | string` */
export function parseKey(p: Parser): boolean {
  const mark = p.mark();
  if (p.at('identifier')) p.bump();
  else if (p.at('string-start')) parseString(p);
  else if (p.at('quote-start')) parseQuoted(p);
  else if (isKeyword(p.kind) && (!p.atBoundary || bindsKeyword(p))) takeKeyword(p);
  else return expectedKey(p);
  p.wrap(mark, 'key');
  return true;
}

/** Whether a binding can begin here; a keyword with `=` behind it was meant as a name. */
export function startsKey(p: Parser): boolean {
  if (p.at('identifier') || p.at('string-start') || p.at('quote-start')) return true;
  return isKeyword(p.kind) && bindsKeyword(p);
}

function bindsKeyword(p: Parser): boolean {
  return p.peek() === '=';
}

function takeKeyword(p: Parser): void {
  const { text } = p;
  p.reportHere({
    code: 'CAB1110',
    message: `'${text}' is a keyword, and no name`,
    label: 'a keyword',
    hint: `quoted it is a name: \`${text}\``,
    replacement: `\`${text}\``,
  });
  p.bump();
}

/** Reports that an attribute name is missing before the next token. */
export function expectedKey(p: Parser): false {
  if (p.reportStray()) return false;
  p.reportHere({
    code: 'CAB1110',
    message: `an attribute name is missing before ${describeNext(p)}`,
    label: 'expected a name',
    hint: hintFor(p),
  });
  return false;
}

function hintFor(p: Parser): string {
  const before = p.token >= 2 ? p.tokens.kindOf(p.token - 2) : 'end';
  if (before === 'float') return 'a version is text, and stands in quotes: "1.2.3"';
  if (before === 'integer') return 'a float has a digit on both sides of its dot: 1.0';
  if (p.hasTaken('?') && !p.at('(')) {
    return 'a condition is written if … then … else …, and a ? b asks whether a has the attribute b';
  }
  if (p.at('integer')) return 'elements of a list are taken with the builtin elementAt';
  if (p.at('(')) return 'a computed name is written `\\(expression)`';
  if (p.at('//')) return 'a comment is written # to the end of the line, or #= as a block =#';
  if (p.at('-')) return 'a comment is written # to the end of the line; attributes are { a = 1, b = 2, }';
  return 'an attribute is named by an identifier, or by text in quotes: a, `b c` or "d e"';
}
