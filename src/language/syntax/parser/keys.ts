import { isKeyword } from '../token.ts';
import { describe } from './describe.ts';
import type { Parser } from './parser.ts';
import { parseQuoted, parseString } from './text.ts';

/** `attributePath := key ('.' key)*` */
export function parseAttributePath(p: Parser): void {
  parseKey(p);
  while (p.bumpIf('.')) parseKey(p);
}

/** `key := identifier | quotedIdentifier | string` */
export function parseKey(p: Parser): void {
  const mark = p.mark();
  if (p.at('identifier')) p.bump();
  else if (p.at('string-start')) parseString(p);
  else if (p.at('quote-start')) parseQuoted(p);
  else if (isKeyword(p.kind) && (!p.atBoundary || bindsKeyword(p))) takeKeyword(p);
  else return expectedKey(p);
  p.wrap(mark, 'key');
}

/** Whether a binding can begin here; a keyword with `=` behind it was meant as a name. */
export function startsKey(p: Parser): boolean {
  if (p.at('identifier') || p.at('string-start') || p.at('quote-start')) return true;
  return isKeyword(p.kind) && bindsKeyword(p);
}

function bindsKeyword(p: Parser): boolean {
  return p.peek().kind === '=';
}

function takeKeyword(p: Parser): void {
  const { text } = p.token;
  p.reportHere({
    code: 'CAB1110',
    message: `'${text}' is a keyword, and no name`,
    hint: `quoted it is a name: \`${text}\``,
  });
  p.bump();
}

/** Reports that an attribute name is missing before the next token. */
export function expectedKey(p: Parser): void {
  if (p.reportStray()) return;
  const hint = hintFor(p);
  p.reportHere({
    code: 'CAB1110',
    message: `an attribute name is missing before ${describe(p.token)}`,
    ...(hint !== undefined && { hint }),
  });
}

function hintFor(p: Parser): string | undefined {
  if (p.at('integer')) return 'elements of a list are taken with the builtin elementAt';
  if (p.at('(')) return 'a computed name is written `\\(expression)`';
  return undefined;
}
