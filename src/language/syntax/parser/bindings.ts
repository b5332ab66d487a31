import { nodeCodes } from '../tree.ts';
import { describeNext } from './describe.ts';
import { parseExpression } from './expression.ts';
import { expectedKey, parseAttributePath, startsKey } from './keys.ts';
import { isPlainKey } from './lambda.ts';
import { missing, type Parser } from './parser.ts';
import { parseSeparator, parseStraySeparator, reportSeparators, SeparatorFaults } from './separator.ts';

/**
 * `bindings := (binding (',' binding)* ','?)?`, up to `closer`, which is left. Gives the dots among them, which make the pattern
 * of a lambda open, or 0.
 */
export function parseBindings(p: Parser, closer: '}' | 'in'): number {
  const faults = new SeparatorFaults();
  let dots = 0;
  while (!p.at('end') && (!p.atBoundary || startsKey(p))) {
    if (parseStraySeparator(p, faults)) continue;
    if (startsInherit(p)) {
      parseInherit(p);
      continue;
    }
    if (p.at('...')) {
      dots ||= p.token;
      parseDots(p, closer);
    } else {
      parseBinding(p, closer);
    }
    parseSeparator(p, faults, startsBinding);
  }
  reportSeparators(p, faults);
  return dots;
}

const longestLookAhead = 16;

/** Whether a name, or a path of names, and `=` come next: then a comma was forgotten before them. */
export function startsBinding(p: Parser): boolean {
  if (p.at('string-start') || p.at('quote-start')) return startsQuotedBinding(p);
  if (!p.at('identifier')) return false;
  const { tokens } = p;
  let token = p.ahead();
  for (let keys = 1; keys < longestLookAhead && tokens.kindOf(token) === '.'; keys++) {
    token = p.after(token);
    if (tokens.kindOf(token) !== 'identifier') return false;
    token = p.after(token);
  }
  return tokens.kindOf(token) === '=';
}

function startsQuotedBinding(p: Parser): boolean {
  const { tokens } = p;
  let token = p.ahead();
  for (let parts = 0; parts < longestLookAhead; parts++) {
    const kind = tokens.kindOf(token);
    if (kind !== 'text' && kind !== 'escape') break;
    token = p.after(token);
  }
  const end = tokens.kindOf(token);
  return (end === 'string-end' || end === 'quote-end') && tokens.kindOf(p.after(token)) === '=';
}

/** `binding := attributePath '=' expression | identifier | '...'`, the last two not in `let`, the dots only in a pattern */
function parseBinding(p: Parser, closer: '}' | 'in'): void {
  const mark = p.mark();
  if (!startsKey(p)) {
    expectedKey(p);
    return p.recover(startsBinding);
  }
  const isWhole = parseAttributePath(p);
  const sign = p.token;
  const isBound = parseBound(p);
  if (isBound) {
    if (!parseExpression(p)) p.recover(startsBinding);
  } else if (closer === 'in' || !isOneName(p, mark)) {
    reportWithoutValue(p, closer);
  }
  p.wrap(mark, 'binding', !isWhole ? missing : isBound ? sign : 0);
}

function parseDots(p: Parser, closer: '}' | 'in'): void {
  if (closer === 'in') {
    p.reportHere({
      code: 'CAB1113',
      message: "'...' stands only in the pattern of a lambda",
      label: 'a let has no pattern',
      hint: 'a lambda is written { a, ... } => …; a let names each of its values',
    });
  }
  p.bump();
}

/** The sign between name and value; those of other languages are taken for it. */
function parseBound(p: Parser): boolean {
  if (p.bumpIf('=')) return true;
  if (p.at('==')) {
    p.reportHere({
      code: 'CAB1108',
      message: "'==' compares, and stands here behind a name",
      label: "expected '='",
      replacement: '=',
      hint: "binding is '='",
    });
  } else if (p.at(':') || p.at('?')) {
    const what = p.at(':') ? 'a value' : 'a default';
    p.reportHere({
      code: 'CAB1114',
      message: `${what} is not bound with '${p.kind}'`,
      label: "expected '='",
      replacement: '=',
      hint: "binding is '='",
    });
  } else {
    return false;
  }
  p.bump();
  return true;
}

/** Whether what was taken since the mark is one plain name, which may stand without a value. */
function isOneName(p: Parser, mark: number): boolean {
  const { last, nodes } = p;
  return (
    last !== -1 && nodes.kinds[last] === nodeCodes.key && nodes.firsts[last] === mark && isPlainKey(p, last)
  );
}

function reportWithoutValue(p: Parser, closer: '}' | 'in'): void {
  p.reportHere({
    code: 'CAB1109',
    message: `a value is missing before ${describeNext(p)}`,
    label: "expected '=' and a value",
    hint:
      closer === 'in'
        ? 'a let binds as in let a = 1, in …'
        : 'attributes are bound as in { a.b = 1, "c d" = 2, }; only a plain name stands alone',
  });
}

function startsInherit(p: Parser): boolean {
  if (!p.at('identifier') || p.text !== 'inherit') return false;
  const next = p.peek();
  return next === 'identifier' || next === '(' || next === ';';
}

/** `inherit a b;`, taken whole with what ends it, so that its parts are not reported too. */
function parseInherit(p: Parser): void {
  p.reportHere({
    code: 'CAB1114',
    message: "there is no 'inherit'",
    label: 'a binding of another language',
    hint:
      p.peek() === '('
        ? 'write a = source.a for each of the names'
        : 'a name that stands alone is bound to the variable of that name: { a, b, }',
  });
  const mark = p.mark();
  p.recover();
  if (p.at(';') || p.at(',')) p.bump();
  p.wrap(mark, 'error');
}
