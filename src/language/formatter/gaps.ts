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
import type { Laid } from './laid.ts';
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
export function layOnOneLine(pieces: readonly Piece[], next?: Piece): Document {
  let separator: Document = next === undefined ? blank : nothing;
  const parts: Document[] = [];
  for (const { element, gap, laid } of pieces) {
    parts.push(across(gap, separator), isNode(element) ? (laid as Laid).document : text(element.text));
    separator = blank;
  }
  if (next !== undefined && pieces.length > 0) parts.push(across(next.gap, blank));
  return sequenceOf(parts);
}
