import { describeNext } from './describe.ts';
import { expressionEnded, openedHere, parseExpression } from './expression.ts';
import type { Parser } from './parser.ts';

/** `string := '"' (text | escape | interpolation)* '"' | rawString` */
export function parseString(p: Parser): void {
  const mark = p.mark();
  p.bump();
  parseTextParts(p);
  p.bumpIf('string-end');
  p.wrap(mark, 'string');
}

/** `` quotedIdentifier := '`' (text | escape | interpolation)* '`' `` */
export function parseQuoted(p: Parser): void {
  const mark = p.mark();
  p.bump();
  parseTextParts(p);
  p.bumpIf('quote-end');
  p.wrap(mark, 'quoted-identifier');
}

/** What is not closed has been reported where it was cut into tokens. */
function parseTextParts(p: Parser): void {
  for (;;) {
    if (p.at('text') || p.at('escape')) p.bump();
    else if (p.at('interpolation-start')) parseInterpolation(p);
    else return;
  }
}

/** `interpolation := '\(' expression ')'` */
export function parseInterpolation(p: Parser): void {
  const mark = p.mark();
  const opener = p.token;
  p.bump();
  p.opens('interpolation-end');
  if (!parseExpression(p)) p.recover();
  if (!p.atBoundary) {
    expressionEnded(p, "the ')' of the interpolation", opener);
    p.recover();
  }
  p.closes('interpolation-end');
  if (!p.bumpIf('interpolation-end')) {
    p.reportHere({
      code: 'CAB1102',
      message: 'the interpolation is not closed',
      label: `expected ')' before ${describeNext(p)}`,
      others: [openedHere(p, opener)],
      hint: "'\\(' in a string begins an interpolation, which ends with ')'; as text it is written '\\\\('",
    });
  }
  p.wrap(mark, 'interpolation');
}
