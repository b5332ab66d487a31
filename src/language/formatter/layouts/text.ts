import { isNode, type SyntaxNode, type Token, tokensOf } from '../../syntax/index.ts';
import { nothing, sequence, sequenceOf, text, unbounded } from '../document.ts';
import { flatTextOf } from '../flat.ts';
import { across } from '../gaps.ts';
import { atom, block, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import type { Piece } from '../trivia.ts';
import { beginsWithLineEnd, layLines } from './lines.ts';

/** A name or number, as it is written. */
export function layToken(_layout: Layout, { pieces }: Construct): Laid {
  return atom(layPart(pieces[0] as Piece).document);
}

/** A string or quoted identifier: what stands between its quotes is its value, and not touched. */
export function layString(_layout: Layout, { node, pieces }: Construct): Laid {
  if (beginsWithLineEnd(node)) return block(layLines(pieces), 'lines');
  return layText(pieces);
}

/** A path, or an island; the options of an island are laid out as attributes. */
export function layAddress(_layout: Layout, { pieces }: Construct): Laid {
  const options = pieces.findIndex(({ element }) => element.kind === 'attributes');
  if (options === -1) return layText(pieces);
  const parts = pieces.map(layPart);
  return block(sequenceOf(parts.map(({ document }) => document)), 'brackets');
}

/** An attribute name. */
export function layKey(_layout: Layout, { pieces }: Construct): Laid {
  return layPart(pieces[0] as Piece);
}

/** `\(expression)`: on one line, or as it is written, since further lines might become text of the string around it. */
export function layInterpolation(_layout: Layout, { node, pieces }: Construct): Laid {
  const parts = pieces.map((piece) => sequence(across(piece.gap, nothing), layPart(piece).document));
  const document = sequenceOf(parts);
  return atom(text(document.flat === unbounded ? asWritten(node) : flatTextOf(document)));
}

function layText(pieces: readonly Piece[]): Laid {
  const content = pieces.map((piece) => flatTextOf(layPart(piece).document)).join('');
  const document = text(content);
  return document.breaks ? block(document, 'lines') : atom(document);
}

function layPart({ element, laid }: Piece): Laid {
  return isNode(element) ? (laid as Laid) : atom(text(element.text));
}

function asWritten(node: SyntaxNode): string {
  return Array.from(tokensOf(node), textOf).join('');
}

/** Line ends within strings are part of their values. */
function textOf({ kind, text }: Token): string {
  return kind === 'whitespace' || kind === 'comment' ? text.replaceAll('\r\n', '\n') : text;
}
