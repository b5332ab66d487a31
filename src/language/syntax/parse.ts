import type { Diagnostic, Source } from '../../diagnostics/index.ts';
import type { Expression } from './expression.ts';
import { lex } from './lexer/lex.ts';
import { Parser } from './parser/parser.ts';
import { parseFile } from './parser/parse-file.ts';
import type { SyntaxNode } from './tree.ts';
import { View } from './view/view.ts';

export interface Parsed {
  /** All of the text, however wrong; `printTree` gives it back. */
  readonly tree: SyntaxNode;
  /**
   * The typed view, unless an expression is missing somewhere. It may be there beside errors that leave no doubt about
   * what was meant: whoever evaluates looks at the diagnostics first.
   */
  readonly expression: Expression | undefined;
  /** Everything that is wrong with the text, in its order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses any text: what is wrong with it is told by diagnostics, and never thrown. */
export function parse(source: Source): Parsed {
  const parser = new Parser(source, lex(source));
  const tree = parseFile(parser);
  const expression = new View((problem) => parser.report(problem)).expression(tree);
  return { tree, expression, diagnostics: inOrder(parser.diagnostics) };
}

/** Whether nothing at all is wrong with the text, so that it needs no second look: what may be kept by `encodeSyntax`. */
export function isSound(parsed: Parsed): parsed is Parsed & { readonly expression: Expression } {
  return parsed.expression !== undefined && parsed.diagnostics.length === 0;
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length < 2) return diagnostics;
  return diagnostics.toSorted(
    (left, right) => (left.primary?.span.start ?? 0) - (right.primary?.span.start ?? 0),
  );
}
