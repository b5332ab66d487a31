/**
 * The content of a string of several lines: without the first line end and the last, and without the indentation that all
 * lines with something on them have in common. Escapes and interpolations, which are undefined among the texts, count as
 * something, and are not touched: only what is written as indentation is taken away. Line ends become `\n`, however
 * the file was checked out.
 */
export function withoutIndentation(
  written: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  const texts = written.map((text) => text?.replaceAll('\r\n', '\n'));
  const indentation = commonIndentation(texts);
  return texts.map((text, index) => {
    if (text === undefined) return undefined;
    const isLast = index === texts.length - 1;
    let stripped = stripLines(text, indentation, isLast);
    if (index === 0) stripped = stripped.slice(stripped.indexOf('\n') + 1);
    return isLast ? withoutLastLineEnd(stripped) : stripped;
  });
}

/** The blanks that every line with something on it begins with; the line of the closing quote has nothing on it. */
function commonIndentation(texts: readonly (string | undefined)[]): string {
  let common: string | undefined;
  texts.forEach((text, index) => {
    if (text === undefined) return;
    const lines = text.split('\n');
    for (const [number, line] of lines.entries()) {
      // What stands before the first line end belongs to a line that began in another part.
      if (number === 0) continue;
      const blanks = blanksOf(line);
      const isOpenEnded = number === lines.length - 1 && index < texts.length - 1;
      if (blanks === line && !isOpenEnded) continue;
      common = common === undefined ? blanks : commonPrefix(common, blanks);
    }
  });
  return common ?? '';
}

function stripLines(text: string, indentation: string, isLast: boolean): string {
  const lines = text.split('\n');
  return lines
    .map((line, number) => {
      if (number === 0) return line;
      const isWhole = number < lines.length - 1 || isLast;
      if (isWhole && blanksOf(line) === line) return '';
      return line.slice(indentation.length);
    })
    .join('\n');
}

/** The line of the closing quote is empty by now; with the line end before it, it goes. */
function withoutLastLineEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function blanksOf(line: string): string {
  let end = 0;
  while (line[end] === ' ' || line[end] === '\t') end++;
  return line.slice(0, end);
}

function commonPrefix(left: string, right: string): string {
  let end = 0;
  while (end < left.length && left[end] === right[end]) end++;
  return left.slice(0, end);
}
