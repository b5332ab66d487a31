import { isNode } from '../syntax/index.ts';
import { layCommentedRows } from './commented-rows.ts';
import { type Document, emptyLine, indent, line, nothing, sequence, sequenceOf, text } from './document.ts';
import type { Laid } from './laid.ts';
import type { Layout } from './layout.ts';
import type { Piece } from './trivia.ts';

/** What stands between an opener and a closer, row by row. */
export interface Rows {
  /** Comments on the line of the opener. */
  readonly opening: Document;
  /** The rows, with what separates them. */
  readonly content: Document;
  readonly count: number;
  /** Whether each row gets its own line, even if all would fit on one. */
  readonly isBroken: boolean;
}

export type Separator = ',' | '';

export const comma = text(',');

/**
 * Elements with a separator behind each, and the comments around them: those at the end of a line stay behind what they stand
 * behind, others get rows. The last piece is the closer. A line end that its author put behind the opener is kept,
 * and so is one of several empty lines between rows.
 */
export function layRows(
  layout: Layout,
  pieces: readonly Piece[],
  separator: Separator = ',',
  lastSeparator: Separator = separator,
): Rows {
  return pieces.some(hasComments)
    ? layCommentedRows(layout, pieces, separator, lastSeparator)
    : layPlainRows(layout, pieces, separator, lastSeparator);
}

function hasComments({ gap }: Piece): boolean {
  return gap.comments.length > 0;
}

/** Most rows have no comments, and need no closer look. */
function layPlainRows(
  { isInline }: Layout,
  pieces: readonly Piece[],
  separator: Separator,
  lastSeparator: Separator,
): Rows {
  const parts: Document[] = [];
  let count = 0;
  let isBroken = false;
  for (let index = 0; index < pieces.length - 1; index++) {
    const piece = pieces[index] as Piece;
    const { element, gap } = piece;
    if (count > 0 && element.kind === ',') continue;
    if (count > 0) parts.push(gap.ends > 1 ? emptyLine : line);
    if (gap.ends > (count > 0 ? 1 : 0) && !isInline) isBroken = true;
    parts.push(documentOf(piece));
    if (separator !== '') parts.push(comma);
    count++;
  }
  if (count > 0 && separator !== '' && lastSeparator === '') parts.pop();
  return { opening: nothing, content: sequenceOf(parts), count, isBroken };
}

/** The rows between brackets, indented. */
export function betweenBrackets(
  opener: Document,
  { opening, content, count }: Rows,
  closer: Document,
): Document {
  if (count === 0 && opening.flat === 0) return sequence(opener, closer);
  return sequence(opener, opening, indent(sequence(line, content)), line, closer);
}

export function documentOf({ element, laid }: Piece): Document {
  return isNode(element) ? (laid as Laid).document : text(element.text);
}
