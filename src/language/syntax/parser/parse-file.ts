import { expressionEnded, parseExpression } from './expression.ts';
import type { Parser } from './parser.ts';

/** `file := expression` */
export function parseFile(p: Parser): void {
  if (p.at('end')) reportEmpty(p);
  else parseExpression(p);
  if (!p.at('end')) {
    expressionEnded(p, 'the end of the file, which is one expression');
    p.takeRest();
  }
  p.wrapAll();
}

function reportEmpty(p: Parser): void {
  if (p.problems.count > 0) return;
  p.reportHere({
    code: 'CAB1101',
    message: 'the file is empty, and a file is one expression',
    label: 'expected an expression',
    hint: 'the smallest file is {}, attributes without any',
  });
}
