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
import { endsLines, type Piece } from '../trivia.ts';

/** `a.b.c`, `a.b.c or fallback` */
export function laySelection(layout: Layout, { pieces }: Construct): Laid {
  const or = pieces.findIndex(({ element }) => element.kind === 'or');
  const path = layPath(layout, or === -1 ? pieces : pieces.slice(0, or));
  if (or === -1) return block(path, layout.laid(pieces[0]?.element as SyntaxNode).role);
  return layFallback(layout, path, pieces[or] as Piece, pieces[or + 1] as Piece);
}

function layFallback(layout: Layout, path: Document, or: Piece, { element, gap }: Piece): Laid {
  const fallback = layout.laid(element as SyntaxNode);
  const value = sequence(text('or'), across(gap, blank), fallback.document);
  const expanded = sequence(path, indent(sequence(across(or.gap, line), value)));
  if (fallback.role === 'atom' && group(expanded).flat !== unbounded) return plain(group(expanded));
  if (fallback.role !== 'brackets' || endsLines(or.gap) || endsLines(gap)) return plain(group(expanded));
  const before = sequence(path, across(or.gap, blank), text('or'), across(gap, blank));
  return hugging({ before, core: fallback.document, after: nothing, expanded });
}

/** `subject ? a.b` */
export function layHasAttribute(layout: Layout, { pieces }: Construct): Laid {
  const sign = pieces.findIndex(({ element }) => element.kind === '?');
  const subject = layPath(layout, pieces.slice(0, sign));
  const [first, ...rest] = pieces.slice(sign + 1) as [Piece, ...Piece[]];
  const path = sequence(across(first.gap, blank), layPath(layout, [first, ...rest]));
  const test = sequence(across((pieces[sign] as Piece).gap, line), text('?'), path);
  return plain(group(sequence(subject, indent(test))));
}

/** Names, and what they are selected from, with dots between them. */
export function layPath(layout: Layout, [first, ...rest]: readonly Piece[]): Document {
  if (first === undefined) return nothing;
  const subject = first.element as SyntaxNode;
  const path = rest.map(({ element, gap }, index) => {
    const glue = index === 0 && takesDots(subject) ? blank : nothing;
    return sequence(across(gap, glue), isNode(element) ? layout.laid(element).document : text(element.text));
  });
  return sequence(layout.laid(subject).document, indent(sequenceOf(path)));
}

/** Whether a dot directly behind the expression would be part of it, as it would be behind a path. */
function takesDots({ kind, children }: SyntaxNode): boolean {
  return kind === 'path' || (kind === 'island' && children.at(-1)?.kind !== 'island-end');
}
