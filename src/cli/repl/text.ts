import { stripVTControlCharacters } from 'node:util';

/** What a piece of a shown value is, from which its colour follows. */
export type Role = 'name' | 'string' | 'number' | 'word' | 'opaque' | 'faint' | 'fault';

const codes: Readonly<Record<Role, string>> = {
  name: '36',
  string: '32',
  number: '33',
  word: '35',
  opaque: '34',
  faint: '2',
  fault: '31',
};

/** How values are written on this output. */
export interface Paper {
  readonly color: boolean;
  /** In characters. */
  readonly width: number;
}

export function paint({ color }: Paper, role: Role, text: string): string {
  return color ? `\u001b[${codes[role]}m${text}\u001b[0m` : text;
}

export interface Layout {
  /** Of the line that the opening bracket is on. */
  readonly indent: number;
  /** What stands behind the last item for those that are left out. */
  readonly more?: string | undefined;
}

/** Items between brackets: on one line where they fit, else on a line each, or as many on a line as there is room for where all are short. */
export function layOut(
  { width }: Paper,
  [open, close]: readonly [string, string],
  items: readonly string[],
  { indent, more }: Layout,
): string {
  const ending = more === undefined ? [] : [more];
  const line = [open, ...items, ...ending, close].join(' ');
  if (!line.includes('\n') && indent + widthOf(line) <= width) return line;
  const margin = ' '.repeat(indent);
  const isDense =
    items.length > 1 && items.every((item) => !item.includes('\n') && widthOf(item) <= shortWidth);
  const lines = isDense ? filled(items, width - indent - 2) : items;
  return `${open}\n${[...lines, ...ending].map((each) => `${margin}  ${each}\n`).join('')}${margin}${close}`;
}

/** In characters. */
const shortWidth = 12;

/** As many items on each line as there is room for, in columns. */
function filled(items: readonly string[], width: number): readonly string[] {
  const column = Math.max(...items.map(widthOf)) + 1;
  const perLine = Math.max(1, Math.floor((width + 1) / column));
  const lines: string[] = [];
  for (let index = 0; index < items.length; index += perLine) {
    const line = items.slice(index, index + perLine);
    lines.push(
      line
        .map((item) => item + ' '.repeat(column - widthOf(item)))
        .join('')
        .trimEnd(),
    );
  }
  return lines;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
