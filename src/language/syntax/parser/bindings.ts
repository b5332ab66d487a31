import { nodeCodes } from '../tree.ts';
import { describeNext } from './describe.ts';
import { parseExpression } from './expression.ts';
import { expectedKey, parseAttributePath, startsKey } from './keys.ts';
import { isPlainKey } from './lambda.ts';
import { missing, type Parser } from './parser.ts';
import {
  parseSeparator,
  parseStraySeparator,
  reportSeparators,
  SeparatorFaults,
  withPlace,
} from './separator.ts';

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
    if (closer === 'in' && endsLet(p)) break;
    if (p.at('...')) {
      if (parseSpread(p)) continue;
      dots ||= p.token;
      parseDots(p, closer);
    } else {
      if (closer === '}' && p.at('let')) skipLet(p);
      parseBinding(p, closer, faults);
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

/** `binding := attributePath '=' expression | identifier | quotedIdentifier`, a name alone not in `let` */
function parseBinding(p: Parser, closer: '}' | 'in', faults: SeparatorFaults): void {
  const mark = p.mark();
  if (!startsKey(p)) {
    expectedKey(p);
    p.recover(startsBinding);
    return p.silence(p.token);
  }
  const isWhole = parseAttributePath(p);
  const sign = p.token;
  const isBound = parseBound(p, faults);
  if (isBound) {
    if (!parseExpression(p)) p.recover(startsBinding);
  } else if (closer === 'in' || !isOneName(p, mark)) {
    reportWithoutValue(p, closer);
  }
  p.wrap(mark, 'binding', !isWhole ? missing : isBound ? sign : 0);
}

/** What follows the bindings of a `let` where `in` is missing: an expression that is no binding. */
function endsLet(p: Parser): boolean {
  return p.at('{') || p.at('(') || p.at('[');
}

/** `let` before a binding, as others write it. */
function skipLet(p: Parser): void {
  if (p.peek() !== 'identifier') return;
  p.reportHere({
    code: 'CAB1114',
    message: "a binding within braces begins with its name, without 'let'",
    label: 'a word of another language',
    hint: 'write { a = 1, b = 2, }, or let a = 1, in { b = a, }',
  });
  const mark = p.mark();
  p.bump();
  p.wrap(mark, 'error');
  p.silence(p.token);
}

/** `...set`, as other languages take the attributes of one set into another. */
function parseSpread(p: Parser): boolean {
  const next = p.peek();
  if (next !== 'identifier' && next !== '(' && next !== '{') return false;
  p.reportHere({
    code: 'CAB1114',
    message: "there is no spread with '...'",
    label: 'a construct of another language',
    hint: "one set is laid over another with '//': set // { a = 1, }",
  });
  const mark = p.mark();
  p.recover();
  p.bumpIf(',');
  p.wrap(mark, 'error');
  return true;
}

/** `name : Type = value`, the type of which is passed over. */
function skipType(p: Parser): boolean {
  const type = p.ahead();
  if (p.tokens.kindOf(type) !== 'identifier' || p.tokens.kindOf(p.after(type)) !== '=') return false;
  p.reportHere({
    code: 'CAB1114',
    message: 'a name is bound without a type',
    label: 'a construct of another language',
    hint: 'values know their types, names do not: write name = value',
  });
  p.bump();
  p.bump();
  p.bump();
  return true;
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
function parseBound(p: Parser, faults: SeparatorFaults): boolean {
  if (p.bumpIf('=')) return true;
  if (p.at(':') && skipType(p)) return true;
  if (p.at('==')) {
    p.reportHere({
      code: 'CAB1108',
      message: "'==' compares, and stands here behind a name",
      label: "expected '='",
      replacement: '=',
      hint: "binding is '='",
    });
  } else if (p.at(':')) {
    if (!p.wasReportedHere) faults.colons = withPlace(faults.colons, p.start);
  } else if (p.at('?')) {
    p.reportHere({
      code: 'CAB1114',
      message: "a default is not bound with '?'",
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
