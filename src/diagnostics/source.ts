/** A text that spans point into. `name` is how messages call it: a path, an island's path, `<command line>`. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Part of a source: UTF-16 offsets, the end excluded. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Where an offset lies: line and column, both from 1, the column counted in code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf(source: Source, offset: number): Position {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let index = before.indexOf('\n'); index !== -1; index = before.indexOf('\n', index + 1)) line++;
  return { line, column: Array.from(before.slice(lineStart)).length + 1 };
}

/** The text of the line that the offset lies in, without its end. */
export function lineAt(source: Source, offset: number): string {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const end = source.text.indexOf('\n', offset);
  return source.text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}
