import { isNode } from '../syntax/index.ts';
import {
  blank,
  type Document,
  emptyLine,
  indent,
  line,
  nothing,
  sequence,
  sequenceOf,
  text,
} from './document.ts';
import { commentOf } from './gaps.ts';
import type { Laid } from './laid.ts';
import type { Layout } from './layout.ts';
import { beginsLine, endsLines, type Gap, noGap, type Piece, type WrittenComment } from './trivia.ts';

/** What stands between an opener and a closer, row by row. */
export interface Rows {
  /** Comments on the line of the opener. */
  readonly opening: Document;
  readonly rows: readonly Row[];
  /** Whether each row gets its own line, even if all would fit on one. */
  readonly isBroken: boolean;
}

type Separator = ',' | '';

const comma = text(',');

interface Row {
  readonly document: Document;
  readonly hasEmptyLineBefore: boolean;
}

/** An element, or the end, with the comments before it. */
interface Entry {
  readonly piece: Piece | undefined;
  readonly comments: readonly WrittenComment[];
  readonly ends: number;
  /** What stands between the element and the comma behind it. */
  beforeComma: Gap;
}

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
  const entries = entriesOf(pieces);
  const openingGap = pieces[0]?.gap ?? noGap;
  let opening: Document = nothing;
  const rows: Row[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.comments.length === 0 && entry.beforeComma.comments.length === 0) {
      if (entry.piece !== undefined)
        rows.push(rowOf(entry.piece, entry.ends, index === entries.length - 2 ? lastSeparator : separator));
      continue;
    }
    const isLast = index === entries.length - 2;
    const { trailing, leading } = divide(entry.comments);
    const behind = sequenceOf(trailing.flatMap((comment) => [blank, commentOf(comment)]));
    const last = rows.pop();
    if (last === undefined) opening = behind;
    else rows.push(trailing.length === 0 ? last : { ...last, document: sequence(last.document, behind) });
    rows.push(...rowsOf(entry, leading, isLast ? lastSeparator : separator));
  }
  const isEmpty = rows.length === 0 && opening.flat === 0;
  const isBroken =
    (!layout.isInline && !isEmpty && beginsLine(openingGap)) ||
    entries.some(({ comments }) => comments.some(({ endsLine }) => endsLine)) ||
    (!layout.isInline && rows.some(({ hasEmptyLineBefore }, index) => index > 0 && hasEmptyLineBefore));
  return { opening, rows, isBroken };
}

/** The rows between brackets, indented. */
export function betweenBrackets(opener: Document, { opening, rows }: Rows, closer: Document): Document {
  if (rows.length === 0 && opening.flat === 0) return sequence(opener, closer);
  return sequence(opener, opening, indent(sequence(line, joinRows(rows))), line, closer);
}

export function joinRows(rows: readonly Row[]): Document {
  const parts: Document[] = [];
  for (const { document, hasEmptyLineBefore } of rows) {
    if (parts.length > 0) parts.push(hasEmptyLineBefore ? emptyLine : line);
    parts.push(document);
  }
  return sequenceOf(parts);
}

function entriesOf(pieces: readonly Piece[]): readonly Entry[] {
  const entries: Entry[] = [];
  let waiting: readonly WrittenComment[] = [];
  for (const [index, piece] of pieces.entries()) {
    const { element, gap } = piece;
    const last = entries.at(-1);
    if (element.kind === ',' && last !== undefined) {
      // A comma goes before comments that end their lines.
      if (endsLines(gap)) waiting = gap.comments;
      else last.beforeComma = gap;
      continue;
    }
    const comments = waiting.length === 0 ? gap.comments : [...waiting, ...onNextLine(gap.comments)];
    waiting = [];
    const isCloser = index === pieces.length - 1;
    entries.push({ piece: isCloser ? undefined : piece, comments, ends: gap.ends, beforeComma: noGap });
  }
  return entries;
}

/** The comments as they stand behind one that has ended the line. */
function onNextLine([first, ...rest]: readonly WrittenComment[]): readonly WrittenComment[] {
  return first === undefined ? [] : [{ ...first, endsBefore: Math.max(first.endsBefore, 1) }, ...rest];
}

/** The comments that end the line of what stands before them, and those that belong to what follows. */
function divide(comments: readonly WrittenComment[]): {
  readonly trailing: readonly WrittenComment[];
  readonly leading: readonly WrittenComment[];
} {
  const next = comments.findIndex(({ endsBefore }) => endsBefore > 0);
  const sameLine = next === -1 ? comments : comments.slice(0, next);
  const end = sameLine.findLastIndex(({ endsLine }) => endsLine) + 1;
  return { trailing: comments.slice(0, end), leading: comments.slice(end) };
}

/** The row of an element without comments. */
function rowOf(piece: Piece, ends: number, separator: Separator): Row {
  const document = documentOf(piece);
  return { document: separator === '' ? document : sequence(document, comma), hasEmptyLineBefore: ends > 1 };
}

function documentOf({ element, laid }: Piece): Document {
  return isNode(element) ? (laid as Laid).document : text(element.text);
}

function rowsOf(
  { piece, ends, beforeComma }: Entry,
  leading: readonly WrittenComment[],
  separator: Separator,
): readonly Row[] {
  const rows: Row[] = [];
  let parts: Document[] = [];
  let endsBefore: number | undefined;
  const finish = (): void => {
    if (parts.length > 0)
      rows.push({ document: sequenceOf(parts), hasEmptyLineBefore: (endsBefore ?? 0) > 1 });
    parts = [];
    endsBefore = undefined;
  };
  for (const comment of leading) {
    if (parts.length > 0) parts.push(blank);
    endsBefore ??= comment.endsBefore;
    parts.push(commentOf(comment));
    if (comment.endsLine) finish();
  }
  if (piece !== undefined) {
    if (parts.length > 0) parts.push(blank);
    endsBefore ??= ends;
    parts.push(documentOf(piece));
    for (const comment of beforeComma.comments) parts.push(blank, commentOf(comment));
    if (separator !== '') parts.push(comma);
  }
  finish();
  return rows;
}
