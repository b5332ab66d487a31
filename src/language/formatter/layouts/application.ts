import { isNode, type SyntaxNode } from '../../syntax/index.ts';
import { blank, type Document, group, indent, line, sequence, sequenceOf } from '../document.ts';
import { across, layOnOneLine } from '../gaps.ts';
import { hugging, type Laid, plain } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { isBehindLineEnd, laidOf, type Piece, piecesOf } from '../trivia.ts';
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
export function layApplication(_layout: Layout, { pieces }: Construct): Laid {
  const isOnly = pieces.length === 2;
  const laid = pieces.map(laidOf);
  const further: Document[] = [];
  for (let index = 1; index < pieces.length; index++)
    further.push(across((pieces[index] as Piece).gap, isOnly ? blank : line), (laid[index] as Laid).document);
  const expanded = sequence((laid[0] as Laid).document, indent(sequenceOf(further)));
  const core = pieces.some(isBehindLineEnd) ? -1 : chooseCore(laid, isOnly ? mayBreakAlone : mayBreak);
  if (core < 1) return plain(group(expanded));
  return hugging({
    before: layOnOneLine(pieces.slice(0, core), pieces[core]),
    core: (laid[core] as Laid).document,
    after: layOnOneLine(pieces.slice(core + 1)),
    expanded,
  });
}

function mayBreak({ role }: Laid): boolean {
  return role === 'brackets' || role === 'lines';
}

function mayBreakAlone(laid: Laid): boolean {
  return mayBreak(laid) || laid.role === 'parentheses';
}
