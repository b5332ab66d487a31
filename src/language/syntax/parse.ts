import type { Diagnostic, Source } from '../../diagnostics/index.ts';
import type { Expression } from './expression.ts';
import { FlatNode } from './flat/flat-tree.ts';
import { lex } from './lexer/lex.ts';
import type { Parser } from './parser/parser.ts';
import { parseTokens } from './parser/parse-tokens.ts';
import type { SyntaxNode } from './tree.ts';
import { viewTree } from './view/view-tree.ts';

export interface Parsed {
  /** All of the text, however wrong; `printTree` gives it back. Made when it is asked for. */
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
  const parser = parseTokens(source, lex(source));
  const { tokens, nodes, problems } = parser;
  const expression = viewTree(tokens, nodes, problems);
  return new ParsedText(parser, expression, problems.inOrder());
}

/** Whether nothing at all is wrong with the text, so that it needs no second look: what may be kept by `encodeSyntax`. */
export function isSound(parsed: Parsed): parsed is Parsed & { readonly expression: Expression } {
  return parsed.expression !== undefined && parsed.diagnostics.length === 0;
}

class ParsedText implements Parsed {
  readonly expression: Expression | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly #parser: Parser;
  #tree: SyntaxNode | undefined;

  constructor(parser: Parser, expression: Expression | undefined, diagnostics: readonly Diagnostic[]) {
    this.#parser = parser;
    this.expression = expression;
    this.diagnostics = diagnostics;
  }

  get tree(): SyntaxNode {
    const { tokens, nodes } = this.#parser;
    return (this.#tree ??= new FlatNode(tokens, nodes, nodes.count - 1));
  }
}
