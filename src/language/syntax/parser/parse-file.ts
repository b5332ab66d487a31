import { startsBinding } from './bindings.ts';
import { expressionEnded, parseExpression } from './expression.ts';
import type { Parser } from './parser.ts';

/** `file := expression` */
export function parseFile(p: Parser): void {
  if (p.at('end')) reportEmpty(p);
  else if (startsBinding(p) || startsBullet(p)) reportBindings(p);
  else parseExpression(p);
  if (!p.at('end')) {
    expressionEnded(p, 'the end of the file, which is one expression');
    p.takeRest();
  }
  p.wrapAll();
}

/** `- name:`, which begins a list of another format. */
function startsBullet(p: Parser): boolean {
  if (!p.at('-') || p.peek() !== 'identifier') return false;
  return p.tokens.kindOf(p.after(p.ahead())) === ':';
}

/** A file that begins with a binding, as files of other formats do: one mistake, however many bindings follow. */
function reportBindings(p: Parser): void {
  const isList = p.at('-');
  p.reportHere({
    code: 'CAB1108',
    message: `the file begins ${isList ? 'like a list of YAML' : 'with a binding'}, and a file is one expression`,
    label: 'expected an expression',
    hint: isList
      ? 'a list is written [ { name = "a", }, { name = "b", }, ]'
      : 'bindings stand in braces, { a = 1, b = 2, }, or in a let: let a = 1, in …',
  });
  p.takeRest();
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
