import { isNode, type SyntaxNode } from '../../syntax/index.ts';
import { blank, group, indent, line, nothing, sequence, sequenceOf } from '../document.ts';
import { across, layOnOneLine } from '../gaps.ts';
import { hugging, type Laid, plain } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { endsLines, type Piece, piecesOf } from '../trivia.ts';
import { chooseCore } from './core.ts';

/** A function and all its arguments. */
export function applicationPieces(node: SyntaxNode, source: string): readonly Piece[] {
  const behind: Piece[] = [];
  let application = node;
  for (;;) {
    const [called, argument] = piecesOf(application, source).pieces as [Piece, Piece];
    behind.push(argument);
    if (!isNode(called.element) || called.element.kind !== 'apply') return [called, ...behind.toReversed()];
    application = called.element;
  }
}

/**
 * `f a b`: on one line, or with one argument broken that has brackets, or with an argument a line. An argument that is the only
 * one stays with its function.
 */
export function layApplication(layout: Layout, { pieces }: Construct): Laid {
  const isOnly = pieces.length === 2;
  const laid = pieces.map(({ element }) => layout.laid(element as SyntaxNode));
  const [called = nothing, ...further] = pieces.map(({ gap }, index) => {
    const { document } = laid[index] as Laid;
    return index === 0 ? document : sequence(across(gap, isOnly ? blank : line), document);
  });
  const expanded = sequence(called, indent(sequenceOf(further)));
  const core = pieces.some(({ gap }) => endsLines(gap))
    ? -1
    : chooseCore(laid, isOnly ? mayBreakAlone : mayBreak);
  if (core < 1) return plain(group(expanded));
  return hugging({
    before: layOnOneLine(layout, pieces.slice(0, core), pieces[core]),
    core: (laid[core] as Laid).document,
    after: layOnOneLine(layout, pieces.slice(core + 1)),
    expanded,
  });
}

function mayBreak({ role }: Laid): boolean {
  return role === 'brackets' || role === 'lines';
}

function mayBreakAlone(laid: Laid): boolean {
  return mayBreak(laid) || laid.role === 'parentheses';
}
