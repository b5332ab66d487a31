import { expressionEnded, parseExpression } from './expression.ts';
import type { Parser } from './parser.ts';
import type { SyntaxNode } from '../tree.ts';

/** `file := expression` */
export function parseFile(p: Parser): SyntaxNode {
  if (p.at('end')) reportEmpty(p);
  else parseExpression(p);
  if (!p.at('end')) {
    expressionEnded(p, 'the end of the file, which is one expression');
    p.takeRest();
  }
  // The mark puts the trivia at the end of the file among the elements.
  p.mark();
  p.wrap(0, 'file');
  return p.last ?? { kind: 'file', start: 0, end: 0, children: [] };
}

function reportEmpty(p: Parser): void {
  if (p.diagnostics.length > 0) return;
  p.reportHere({
    code: 'CAB1101',
    message: 'the file is empty, and a file is one expression',
    hint: 'the smallest file is {}, attributes without any',
  });
}
