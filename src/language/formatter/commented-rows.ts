import { blank, type Document, emptyLine, line, nothing, sequence, sequenceOf } from './document.ts';
import { commentOf } from './gaps.ts';
import type { Layout } from './layout.ts';
import { comma, documentOf, type Rows, type Separator } from './rows.ts';
import { beginsLine, endsLines, type Gap, noGap, type Piece, type WrittenComment } from './trivia.ts';

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

/** Rows with comments among them. */
export function layCommentedRows(
  layout: Layout,
  pieces: readonly Piece[],
  separator: Separator,
  lastSeparator: Separator,
): Rows {
  const entries = entriesOf(pieces);
  const openingGap = pieces[0]?.gap ?? noGap;
  let opening: Document = nothing;
  const rows: Row[] = [];
  for (const [index, entry] of entries.entries()) {
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
  return { opening, content: joinRows(rows), count: rows.length, isBroken };
}

function joinRows(rows: readonly Row[]): Document {
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
