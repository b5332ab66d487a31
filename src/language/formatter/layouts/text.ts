import { isNode, type SyntaxNode, type Token, tokensOf } from '../../syntax/index.ts';
import { nothing, sequence, sequenceOf, text, unbounded } from '../document.ts';
import { flatTextOf } from '../flat.ts';
import { across } from '../gaps.ts';
import { atom, block, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import type { Piece } from '../trivia.ts';
import { beginsWithLineEnd, layLines } from './lines.ts';

/** A name or number, as it is written. */
export function layToken(layout: Layout, { pieces }: Construct): Laid {
  return atom(layPart(layout, pieces[0] as Piece).document);
}

/** A string or quoted identifier: what stands between its quotes is its value, and not touched. */
export function layString(layout: Layout, { node, pieces }: Construct): Laid {
  if (beginsWithLineEnd(node)) return block(layLines(layout, pieces), 'lines');
  return layText(layout, pieces);
}

/** A path, or an island; the options of an island are laid out as attributes. */
export function layAddress(layout: Layout, { pieces }: Construct): Laid {
  const options = pieces.findIndex(({ element }) => element.kind === 'attributes');
  if (options === -1) return layText(layout, pieces);
  const parts = pieces.map((piece) => layPart(layout, piece));
  return block(sequenceOf(parts.map(({ document }) => document)), 'brackets');
}

/** An attribute name. */
export function layKey(layout: Layout, { pieces }: Construct): Laid {
  return layPart(layout, pieces[0] as Piece);
}

/** `\(expression)`: on one line, or as it is written, since further lines might become text of the string around it. */
export function layInterpolation(layout: Layout, { node, pieces }: Construct): Laid {
  const parts = pieces.map((piece) => sequence(across(piece.gap, nothing), layPart(layout, piece).document));
  const document = sequenceOf(parts);
  return atom(text(document.flat === unbounded ? asWritten(node) : flatTextOf(document)));
}

function layText(layout: Layout, pieces: readonly Piece[]): Laid {
  const content = pieces.map((piece) => flatTextOf(layPart(layout, piece).document)).join('');
  const document = text(content);
  return document.breaks ? block(document, 'lines') : atom(document);
}

function layPart(layout: Layout, { element }: Piece): Laid {
  return isNode(element) ? layout.laid(element) : atom(text(element.text));
}

function asWritten(node: SyntaxNode): string {
  return Array.from(tokensOf(node), textOf).join('');
}

/** Line ends within strings are part of their values. */
function textOf({ kind, text }: Token): string {
  return kind === 'whitespace' || kind === 'comment' ? text.replaceAll('\r\n', '\n') : text;
}
