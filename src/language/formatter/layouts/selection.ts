import { isNode, type SyntaxNode } from '../../syntax/index.ts';
import {
  blank,
  type Document,
  group,
  indent,
  line,
  nothing,
  sequence,
  sequenceOf,
  text,
  unbounded,
} from '../document.ts';
import { across } from '../gaps.ts';
import { block, hugging, type Laid, plain } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { endsLines, laidOf, type Piece } from '../trivia.ts';

const dot = text('.');
const keywordOr = text('or');

/** `a.b.c`, `a.b.c or fallback` */
export function laySelection(_layout: Layout, { pieces }: Construct): Laid {
  const or = pieces.findIndex(({ element }) => element.kind === 'or');
  const path = layPath(or === -1 ? pieces : pieces.slice(0, or));
  if (or === -1) return block(path, laidOf(pieces[0] as Piece).role);
  return layFallback(path, pieces[or] as Piece, pieces[or + 1] as Piece);
}

function layFallback(path: Document, or: Piece, value: Piece): Laid {
  const { gap } = value;
  const fallback = laidOf(value);
  const otherwise = sequence(keywordOr, across(gap, blank), fallback.document);
  const expanded = sequence(path, indent(sequence(across(or.gap, line), otherwise)));
  if (fallback.role === 'atom' && group(expanded).flat !== unbounded) return plain(group(expanded));
  if (fallback.role !== 'brackets' || endsLines(or.gap) || endsLines(gap)) return plain(group(expanded));
  const before = sequence(path, across(or.gap, blank), keywordOr, across(gap, blank));
  return hugging({ before, core: fallback.document, after: nothing, expanded });
}

/** `subject ? a.b` */
export function layHasAttribute(_layout: Layout, { pieces }: Construct): Laid {
  const sign = pieces.findIndex(({ element }) => element.kind === '?');
  const subject = layPath(pieces.slice(0, sign));
  const [first, ...rest] = pieces.slice(sign + 1) as [Piece, ...Piece[]];
  const path = sequence(across(first.gap, blank), layPath([first, ...rest]));
  const test = sequence(across((pieces[sign] as Piece).gap, line), text('?'), path);
  return plain(group(sequence(subject, indent(test))));
}

/** Names, and what they are selected from, with dots between them. */
export function layPath(pieces: readonly Piece[]): Document {
  const [first] = pieces;
  if (first === undefined) return nothing;
  const subject = laidOf(first).document;
  if (pieces.length === 1) return subject;
  const path: Document[] = [];
  for (let index = 1; index < pieces.length; index++) {
    const { element, gap, laid } = pieces[index] as Piece;
    const glue = index === 1 && takesDots(first.element as SyntaxNode) ? blank : nothing;
    path.push(across(gap, glue), isNode(element) ? (laid as Laid).document : dot);
  }
  return sequence(subject, indent(sequenceOf(path)));
}

/** Whether a dot directly behind the expression would be part of it, as it would be behind a path. */
function takesDots({ kind, children }: SyntaxNode): boolean {
  return kind === 'path' || (kind === 'island' && children.at(-1)?.kind !== 'island-end');
}
