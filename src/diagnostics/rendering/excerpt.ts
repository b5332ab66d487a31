import type { Label } from '../diagnostic.ts';
import type { Source, Span } from '../source.ts';
import type { Paint, Role } from './style.ts';
import { type Cell, cellsOf, visible } from './visible.ts';

/** A label with its colour and the sign it is underlined by. */
export interface Mark extends Label {
  readonly role: Role;
  readonly sign: '^' | '-';
}

interface Layout {
  readonly paint: Paint;
  /** The columns of the line numbers. */
  readonly gutter: number;
  /** The columns that a line of source may take. */
  readonly columns: number;
}

/** A stretch of one line that is underlined, in offsets of the line; the end of a mark carries its message. */
interface Underline {
  readonly start: number;
  readonly end: number;
  readonly mark: Mark;
  readonly message: string;
}

/** Beyond this a line is first cut to what lies around its mark, in UTF-16 units: a file may be one line of megabytes. */
const longestLine = 2000;

/** The lines of the source that the marks lie in, each with what is underlined below it. */
export function excerpt(source: Source, marks: readonly Mark[], layout: Layout): readonly string[] {
  const lines = new Map<number, Underline[]>();
  const starts = lineStarts(source.text);
  for (const mark of marks) underlineSpan(source, starts, mark, lines);
  const output = [frame(layout, '')];
  let previous: number | undefined;
  for (const line of [...lines.keys()].toSorted((left, right) => left - right)) {
    if (previous !== undefined && line > previous + 1) output.push(layout.paint('frame', '...'));
    output.push(
      ...renderLine(textOfLine(source.text, starts, line), line + 1, lines.get(line) ?? [], layout),
    );
    previous = line;
  }
  return output;
}

/** Where the diagnostic is to be shown: at the end of a file it is behind the last thing that is written there. */
export function anchor(span: Span): Span {
  const { source, start, end } = span;
  if (start < source.text.length) return { source, start, end: Math.max(start, end) };
  const last = source.text.trimEnd().length;
  return { source, start: last, end: last };
}

/** The number of lines before the offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1))
    starts.push(index + 1);
  return starts;
}

function textOfLine(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line], starts[line + 1]).replace(/\r?\n$/, '');
}

/** A span within one line is underlined whole; of a longer one the first line and the last. */
function underlineSpan(
  source: Source,
  starts: readonly number[],
  mark: Mark,
  lines: Map<number, Underline[]>,
): void {
  const { start, end } = anchor(mark.span);
  const first = lineOf(starts, start);
  const last = lineOf(starts, Math.max(start, end - 1));
  const add = (line: number, from: number, to: number, message: string): void => {
    const lineStart = starts[line] as number;
    const list = lines.get(line) ?? [];
    list.push({ start: from - lineStart, end: to - lineStart, mark, message });
    lines.set(line, list);
  };
  if (first === last) return add(first, start, end, mark.message);
  add(first, start, (starts[first] as number) + textOfLine(source.text, starts, first).length, '');
  const text = textOfLine(source.text, starts, last);
  const lineStart = starts[last] as number;
  add(last, lineStart + text.length - text.trimStart().length, end, mark.message);
}

function renderLine(
  text: string,
  number: number,
  underlines: readonly Underline[],
  layout: Layout,
): readonly string[] {
  const focus = Math.min(...underlines.map((underline) => underline.start));
  const shown = window(text, focus, layout.columns);
  const output = [
    `${layout.paint('frame', `${String(number).padStart(layout.gutter)} |`)} ${shown.text}`.trimEnd(),
  ];
  for (const { start, end, mark, message } of underlines) {
    const from = columnOf(shown, start);
    const length = Math.max(1, columnOf(shown, end) - from);
    const tail = message === '' ? '' : ` ${visible(message)}`;
    output.push(
      `${frame(layout, '')} ${' '.repeat(from)}${layout.paint(mark.role, mark.sign.repeat(length) + tail)}`,
    );
  }
  return output;
}

function frame(layout: Layout, text: string): string {
  return layout.paint('frame', `${' '.repeat(layout.gutter)} |${text}`);
}

interface Window {
  readonly text: string;
  readonly cells: readonly Cell[];
  /** The columns before the first cell, which a sign of omission takes. */
  readonly indent: number;
}

/** As much of the line as there is room for, with the offset `focus` in it. */
function window(line: string, focus: number, columns: number): Window {
  const from = line.length > longestLine ? Math.max(0, focus - longestLine / 2) : 0;
  const cells = cellsOf(line.slice(from, from + longestLine)).map((cell) => ({
    ...cell,
    start: cell.start + from,
  }));
  const total = widthOf(cells);
  const isCutBehind = from + longestLine < line.length;
  if (from === 0 && !isCutBehind && total <= columns) return { text: textOf(cells), cells, indent: 0 };
  const room = Math.max(10, columns - 2);
  const first = firstCell(cells, focus, room);
  const kept = takeColumns(cells.slice(first), room);
  const cutBefore = from > 0 || first > 0;
  const cutBehind = isCutBehind || first + kept.length < cells.length;
  return {
    text: `${cutBefore ? '…' : ''}${textOf(kept)}${cutBehind ? '…' : ''}`,
    cells: kept,
    indent: cutBefore ? 1 : 0,
  };
}

/** The first cell to show: that of the line if the focus is in the room from there, else one some way before the focus. */
function firstCell(cells: readonly Cell[], focus: number, room: number): number {
  const index = cells.findIndex((cell) => cell.start >= focus);
  const focused = index === -1 ? cells.length : index;
  if (widthOf(cells.slice(0, focused)) <= (room * 2) / 3) return 0;
  let first = focused;
  let before = 0;
  while (first > 0 && before < room / 3) before += (cells[--first] as Cell).columns;
  return first;
}

function takeColumns(cells: readonly Cell[], room: number): readonly Cell[] {
  let taken = 0;
  const end = cells.findIndex((cell) => (taken += cell.columns) > room);
  return end === -1 ? cells : cells.slice(0, end);
}

/** The column of the window at which the offset of the line is shown, or would be. */
function columnOf({ cells, indent }: Window, offset: number): number {
  let column = indent;
  for (const cell of cells) {
    if (cell.start >= offset) return column;
    column += cell.columns;
  }
  return column;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.columns, 0);
}

function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('');
}
