import { isNode } from '../syntax/index.ts';
import {
  blank,
  comment,
  type Document,
  hardLine,
  lastComment,
  nothing,
  sequence,
  sequenceOf,
  text,
} from './document.ts';
import type { Layout } from './layout.ts';
import { endsLines, type Gap, type Piece, type WrittenComment } from './trivia.ts';

/** What stands between two elements: the separator, or the comments in its place. */
export function across(gap: Gap, separator: Document): Document {
  if (gap.comments.length === 0) return separator;
  if (!endsLines(gap)) return sequence(separator, beforeElement(gap));
  const parts: Document[] = [];
  let lineHasEnded = false;
  for (const written of gap.comments) {
    parts.push(written.endsBefore > 0 || lineHasEnded ? hardLine : blank, commentOf(written));
    lineHasEnded = written.endsLine;
  }
  parts.push(lineHasEnded ? hardLine : blank);
  return sequenceOf(parts);
}

/** The comments of a gap in which no line ends, each with a blank behind it. */
export function beforeElement({ comments }: Gap): Document {
  if (comments.length === 0) return nothing;
  return sequenceOf(comments.flatMap((written) => [commentOf(written), blank]));
}

export function commentOf({ text, column, endsLine }: WrittenComment): Document {
  return endsLine ? lastComment(text, column) : comment(text, column);
}

/** Pieces with no line end among them, up to where `next` begins. Only the very first of all has no blank before it. */
export function layOnOneLine(layout: Layout, pieces: readonly Piece[], next?: Piece): Document {
  const isFirst = next !== undefined;
  const parts: Document[] = pieces.map(({ element, gap }, index) =>
    sequence(
      across(gap, isFirst && index === 0 ? nothing : blank),
      isNode(element) ? layout.laid(element).document : text(element.text),
    ),
  );
  if (next !== undefined && pieces.length > 0) parts.push(across(next.gap, blank));
  return sequenceOf(parts);
}
