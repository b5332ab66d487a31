import { isNode, type SyntaxElement } from '../tree.ts';
import { describe } from './describe.ts';
import { parseExpression } from './expression.ts';
import { expectedKey, parseAttributePath, startsKey } from './keys.ts';
import type { Parser } from './parser.ts';
import { parseSeparator, parseStraySeparator, reportSeparators, type SeparatorFaults } from './separator.ts';

/** `bindings := (binding (',' binding)* ','?)?`, up to `closer`, which is left */
export function parseBindings(p: Parser, closer: '}' | 'in'): void {
  const faults: SeparatorFaults = { semicolons: [], gaps: [] };
  const startsNext = (): boolean => startsBinding(p);
  while (!p.at('end') && (!p.atBoundary || startsKey(p))) {
    if (parseStraySeparator(p, faults)) continue;
    if (startsInherit(p)) {
      parseInherit(p);
      continue;
    }
    parseBinding(p, closer);
    parseSeparator(p, faults, startsNext);
  }
  reportSeparators(p, faults);
}

const longestLookAhead = 16;

/** Whether a name, or a path of names, and `=` come next: then a comma was forgotten before them. */
export function startsBinding(p: Parser): boolean {
  if (p.at('string-start') || p.at('quote-start')) return startsQuotedBinding(p);
  if (!p.at('identifier')) return false;
  let ahead = 1;
  while (ahead < longestLookAhead && p.peek(ahead).kind === '.' && p.peek(ahead + 1).kind === 'identifier')
    ahead += 2;
  return p.peek(ahead).kind === '=';
}

function startsQuotedBinding(p: Parser): boolean {
  let ahead = 1;
  while (ahead < longestLookAhead && (p.peek(ahead).kind === 'text' || p.peek(ahead).kind === 'escape'))
    ahead++;
  const end = p.peek(ahead).kind;
  return (end === 'string-end' || end === 'quote-end') && p.peek(ahead + 1).kind === '=';
}

/** `binding := attributePath '=' expression | identifier | '...'`, the last two not in `let`, the dots only in a pattern */
function parseBinding(p: Parser, closer: '}' | 'in'): void {
  const mark = p.mark();
  if (p.at('...')) return parseDots(p, closer);
  if (!startsKey(p)) {
    expectedKey(p);
    return p.recover(() => startsBinding(p));
  }
  parseAttributePath(p);
  if (parseBound(p)) {
    if (!parseExpression(p)) p.recover(() => startsBinding(p));
  } else if (closer === 'in' || !standsAlone(p.elementsSince(mark))) {
    reportWithoutValue(p, closer);
  }
  p.wrap(mark, 'binding');
}

function parseDots(p: Parser, closer: '}' | 'in'): void {
  if (closer === 'in')
    p.reportHere({ code: 'CAB1113', message: "'...' stands only in the pattern of a lambda" });
  p.bump();
}

/** The sign between name and value; those of other languages are taken for it. */
function parseBound(p: Parser): boolean {
  if (p.bumpIf('=')) return true;
  if (p.at('==')) {
    p.reportHere({
      code: 'CAB1108',
      message: "'==' compares, and stands here behind a name",
      hint: "binding is '='",
    });
  } else if (p.at(':') || p.at('?')) {
    const what = p.at(':') ? 'a value' : 'a default';
    p.reportHere({
      code: 'CAB1114',
      message: `${what} is not bound with '${p.kind}'`,
      hint: "binding is '='",
    });
  } else {
    return false;
  }
  p.bump();
  return true;
}

/** Whether the path is one plain name, which may stand without a value. */
function standsAlone([key, ...rest]: readonly SyntaxElement[]): boolean {
  if (key === undefined || rest.length > 0 || !isNode(key)) return false;
  const name = key.children[0];
  return (
    name !== undefined &&
    (!isNode(name) || (name.kind === 'quoted-identifier' && !name.children.some(isNode)))
  );
}

function reportWithoutValue(p: Parser, closer: '}' | 'in'): void {
  p.reportHere({
    code: 'CAB1109',
    message: `a value is missing before ${describe(p.token)}`,
    hint:
      closer === 'in'
        ? 'a let binds as in let a = 1, in …'
        : 'attributes are bound as in { a.b = 1, "c d" = 2, }; only a plain name stands alone',
  });
}

function startsInherit(p: Parser): boolean {
  if (!p.at('identifier') || p.token.text !== 'inherit') return false;
  const next = p.peek().kind;
  return next === 'identifier' || next === '(' || next === ';';
}

/** `inherit a b;`, taken whole with what ends it, so that its parts are not reported too. */
function parseInherit(p: Parser): void {
  p.reportHere({
    code: 'CAB1114',
    message: "there is no 'inherit'",
    hint:
      p.peek().kind === '('
        ? 'write a = source.a for each of the names'
        : 'a name that stands alone is bound to the variable of that name: { a, b, }',
  });
  const mark = p.mark();
  p.recover();
  if (p.at(';') || p.at(',')) p.bump();
  p.wrap(mark, 'error');
}
