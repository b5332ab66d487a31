import { once } from '../../foundation/index.ts';

/** A piece of a line as it is shown: what the terminal gets, its width in columns, and where it stands in the line. */
export interface Cell {
  readonly text: string;
  readonly columns: number;
  readonly start: number;
}

const tabColumns = 4;

const plain = /^[\x20-\x7e]*$/;

interface Patterns {
  /** Controls, what reorders or hides text, and halves of characters: none of it may reach a terminal as it is. */
  readonly unsafe: RegExp;
  readonly invisible: RegExp;
  readonly wide: RegExp;
}

/** Made when the first text beyond ASCII is shown: classes of Unicode take longer than a short run has. */
const patterns = once((): Patterns => ({
  unsafe:
    /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu,
  invisible: /^(?:\p{M}|\u200c|\u200d)+$/u,
  wide: /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u,
}));

/** The text with every character made visible that a terminal would obey: an escape becomes `␛`. */
export function visible(text: string): string {
  return plain.test(text)
    ? text
    : text.replaceAll('\t', ' '.repeat(tabColumns)).replace(patterns().unsafe, picture);
}

/** The line cut into what a reader takes for single characters. */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  if (plain.test(line)) {
    for (let start = 0; start < line.length; start++)
      cells.push({ text: line[start] as string, columns: 1, start });
    return cells;
  }
  let column = 0;
  for (const { segment, index: start } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(
    line,
  )) {
    const cell =
      segment === '\t' ? tab(column, start) : { text: visible(segment), columns: columnsOf(segment), start };
    cells.push(cell);
    column += cell.columns;
  }
  return cells;
}

function tab(column: number, start: number): Cell {
  const columns = tabColumns - (column % tabColumns);
  return { text: ' '.repeat(columns), columns, start };
}

function columnsOf(cluster: string): number {
  const { unsafe, invisible, wide } = patterns();
  if (cluster.search(unsafe) !== -1) return visible(cluster).length;
  if (invisible.test(cluster)) return 0;
  return wide.test(cluster) ? 2 : 1;
}

function picture(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\\u{${code.toString(16)}}`;
}
