import { isNode, type SyntaxNode, type Token } from '../../syntax/index.ts';
import {
  closingQuote,
  type Document,
  hardLine,
  indent,
  nothing,
  sequence,
  sequenceOf,
  text,
} from '../document.ts';
import { flatTextOf } from '../flat.ts';
import type { Laid } from '../laid.ts';
import type { Piece } from '../trivia.ts';

/** Whether the string is one of several lines, whose indentation is not part of its value. */
export function beginsWithLineEnd({ children: [, content] }: SyntaxNode): boolean {
  return (
    content !== undefined && !isNode(content) && content.kind === 'text' && /^[ \t]*\r?\n/.test(content.text)
  );
}

/** A line of the content. */
interface Row {
  text: string;
  /** Whether it has nothing but blanks, and then is empty in the value. */
  isBlank: boolean;
  /** The blanks that are written at its beginning. */
  blanks: string;
}

/** A string of several lines moves with what is around it: what all its lines are indented by is not part of its value. */
export function layLines(pieces: readonly Piece[]): Document {
  const quotes = pieces.filter(
    ({ element }) => element.kind === 'string-start' || element.kind === 'string-end',
  );
  const [opener, closer] = quotes.map(({ element }) => (element as Token).text) as [string, string];
  // Behind the opening quote there is nothing, and before the closing one either.
  const rows = rowsOf(pieces.slice(1, -1)).slice(1, -1);
  const indentation = commonIndentation(rows);
  const content = rows.map((row) =>
    sequence(hardLine, row.isBlank ? nothing : text(row.text.slice(indentation.length))),
  );
  return sequence(text(opener), indent(sequenceOf(content)), hardLine, closingQuote(closer));
}

function rowsOf(pieces: readonly Piece[]): readonly Row[] {
  let row: Row = { text: '', isBlank: true, blanks: '' };
  const rows: Row[] = [row];
  for (const { element, laid } of pieces) {
    if (isNode(element) || element.kind !== 'text') {
      row.text += isNode(element) ? flatTextOf((laid as Laid).document) : element.text;
      row.isBlank = false;
      continue;
    }
    const [first = '', ...further] = element.text.replaceAll('\r\n', '\n').split('\n');
    row.text += first;
    if (!isBlank(first)) row.isBlank = false;
    for (const line of further) {
      row = { text: line, isBlank: isBlank(line), blanks: /^[ \t]*/.exec(line)?.[0] ?? '' };
      rows.push(row);
    }
  }
  return rows;
}

function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}

function commonIndentation(rows: readonly Row[]): string {
  let common: string | undefined;
  for (const { blanks, isBlank } of rows) {
    if (isBlank) continue;
    if (common === undefined) common = blanks;
    let end = 0;
    while (end < common.length && common[end] === blanks[end]) end++;
    common = common.slice(0, end);
  }
  return common ?? '';
}
