import { type Comment, type Text, unbounded } from './document.ts';
import { style } from './style.ts';
import { widthOf } from './width.ts';

/**
 * What may stand behind a quote that closes a string of several lines. The language allows opening brackets too where a
 * closing one is before them, and then nothing else: that is of no use here.
 */
const behindQuote = /^[,)\]}>]+$/;

/** The lines as they are written. Blanks wait until something stands behind them, so that no line ends with one. */
export class Output {
  column = 0;
  private written = '';
  private waiting = '';
  private isBehindQuote = false;

  text(document: Text, indentation: number): void {
    const { text, flat } = document;
    if (text === '') return;
    if (this.isBehindQuote && !behindQuote.test(text)) this.lineEnds(1, indentation);
    this.write(text, flat);
    if (document.closesLines) this.isBehindQuote = true;
  }

  /** A comment, which may stand behind everything. Its further lines move as far as its first. */
  comment({ text, column, flat }: Comment): void {
    this.isBehindQuote = false;
    if (flat !== unbounded) return this.write(text, widthOf(text));
    const [first, ...further] = text.split('\n');
    const shift = this.column - column;
    this.write([first, ...further.map((line) => shifted(line, shift))].join('\n'), unbounded);
  }

  blank(): void {
    if (this.waiting !== '' || this.column === 0) return;
    this.waiting = ' ';
    this.column++;
  }

  lineEnds(count: number, indentation: number): void {
    this.written += '\n'.repeat(count);
    this.column = Math.min(indentation, style.deepest);
    this.waiting = ' '.repeat(this.column);
    this.isBehindQuote = false;
  }

  finish(): string {
    return this.written;
  }

  private write(text: string, width: number): void {
    if (this.waiting !== '') this.written += this.waiting;
    this.waiting = '';
    this.written += text;
    this.column = width === unbounded ? widthOf(text.slice(text.lastIndexOf('\n') + 1)) : this.column + width;
  }
}

function shifted(line: string, columns: number): string {
  const blanks = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  if (blanks === line.length) return '';
  return columns > 0 ? ' '.repeat(columns) + line : line.slice(Math.min(blanks, -columns));
}
