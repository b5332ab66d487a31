import { quoted } from '../problem.ts';
import type { Lexer, TextFrame } from './lexer.ts';

const rawOpening = /"(=+)/y;
const lineEndAfterBlanks = /[ \t]*(?=\r?\n)/y;
const lineText = /[^"`\\\r\n]+/y;
const escape = /\\(?:u\{[0-9A-Fa-f]{1,6}\}|[ntr\\"`=])/y;
const restOfClosingLine = /[ \t]*(?:[,;)\]}>][,;()[\]{}>"` \t]*)?(?:#|\r?\n|$)/y;
const anyEscape = /\\(?:u\{[0-9A-Za-z]*\}?|[^\r\n])?/uy;

/** The beginning of a string, or of a quoted identifier; a raw string is taken whole. */
export function lexStringStart(lexer: Lexer): void {
  const start = lexer.position;
  if (lexer.text[start] === '`') {
    lexer.emit('quote-start', start + 1);
    return lexer.enter({ kind: 'quoted', start });
  }
  const raw = lexer.endOfMatch(rawOpening, start);
  if (raw !== undefined) return lexRaw(lexer, raw);
  lexer.emit('string-start', start + 1);
  const isLines = lexer.endOfMatch(lineEndAfterBlanks, start + 1) !== undefined;
  lexer.enter({ kind: isLines ? 'lines' : 'string', start });
}

/** A piece of a string, or quoted identifier, that lies on one line. */
export function lexText(lexer: Lexer, frame: TextFrame): void {
  const { text, position } = lexer;
  const closing = frame.kind === 'quoted' ? '`' : '"';
  const character = text[position];
  if (character === closing) {
    lexer.leave();
    return lexer.emit(frame.kind === 'quoted' ? 'quote-end' : 'string-end', position + 1);
  }
  if (character === '\\') return lexEscape(lexer);
  if (character === '"' || character === '`') return lexer.emit('text', position + 1);
  if (lexer.emitMatch('text', lineText)) return;
  lexer.leave();
  lexer.report({
    code: 'CAB1002',
    start: frame.start,
    end: position,
    message: frame.kind === 'quoted' ? 'the quoted identifier is not closed' : 'the string is not closed',
    label: `no closing ${closing} on this line`,
    hint:
      frame.kind === 'quoted'
        ? 'a quoted identifier lies on one line; a line end in it is written \\n'
        : 'for a string of several lines, let both its quotes stand on lines of their own: the opening one last, the closing one first',
  });
}

/** A piece of a string of several lines: only a quote that stands alone on its line closes it; others need no escape. */
export function lexLines(lexer: Lexer, frame: TextFrame): void {
  const { text, position } = lexer;
  if (text[position] === '\\') return lexEscape(lexer);
  if (text[position] === '"' && standsAlone(lexer, position, position + 1)) {
    lexer.leave();
    return lexer.emit('string-end', position + 1);
  }
  let end = position;
  for (; end < text.length && text[end] !== '\\'; end++) {
    if (text[end] !== '"') continue;
    if (standsAlone(lexer, end, end + 1)) break;
    frame.misplaced ??= end;
  }
  if (end > position) lexer.emit('text', end);
  if (end === text.length) reportLinesNotClosed(lexer, frame);
}

function reportLinesNotClosed(lexer: Lexer, frame: TextFrame): void {
  lexer.leave();
  lexer.swallowedTheEnd = true;
  const { misplaced } = frame;
  lexer.report({
    code: 'CAB1002',
    start: frame.start,
    end: frame.start + 1,
    message: 'the string of several lines is not closed',
    label: 'opened here',
    ...(misplaced !== undefined && {
      others: [
        {
          start: misplaced,
          end: misplaced + 1,
          label: 'this quote is text, since it does not stand alone on its line',
        },
      ],
    }),
    hint: 'the closing quote is the first thing on its line, and only a comma or closing brackets stand behind it',
  });
}

/**
 * Whether a closing quote is the first on its line and has nothing behind it but brackets and separators: so a
 * line of a script or of JSON that begins with a quote is text.
 */
function standsAlone(lexer: Lexer, start: number, end: number): boolean {
  const { text } = lexer;
  let index = start - 1;
  while (text[index] === ' ' || text[index] === '\t') index--;
  return text[index] === '\n' && lexer.endOfMatch(restOfClosingLine, end) !== undefined;
}

/**
 * `` rawString := '"=' rawText '="' ``, up to the quote behind as many `=`; where the first line is empty, to the one alone on its line
 */
function lexRaw(lexer: Lexer, opened: number): void {
  const start = lexer.position;
  const signs = opened - start - 1;
  const end = endOfRaw(lexer, opened, signs);
  lexer.emit('string-start', opened);
  if (end !== undefined) {
    if (end > opened) lexer.emit('text', end);
    return lexer.emit('string-end', end + signs + 1);
  }
  lexer.swallowedTheEnd = true;
  if (opened < lexer.length) lexer.emit('text', lexer.length);
  lexer.report({
    code: 'CAB1002',
    start,
    end: opened,
    message: `the raw string is not closed by ${quoted(`${'='.repeat(signs)}"`)}`,
    label: 'opened here',
    hint: `a string whose text begins with '=' is written "\\=…"`,
  });
}

/** Where the text of a raw string ends, whose closing quote has so many `=` before it. */
function endOfRaw(lexer: Lexer, opened: number, signs: number): number | undefined {
  const { text } = lexer;
  const isLines = lexer.endOfMatch(lineEndAfterBlanks, opened) !== undefined;
  let from = opened;
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', from)) {
    // Of more signs than are needed the first belong to the text. They are not counted twice, however many there are.
    let end = quote;
    while (end > from && quote - end < signs && text[end - 1] === '=') end--;
    if (quote - end === signs && (!isLines || standsAlone(lexer, end, quote + 1))) return end;
    from = quote + 1;
  }
  return undefined;
}

/** `` escape := '\n' | '\t' | '\r' | '\\' | '\"' | '\`' | '\=' | '\u{' hexadecimalDigit+ '}' `` */
export function lexEscape(lexer: Lexer): void {
  if (lexer.startsWith('\\(')) return lexer.openInterpolation();
  const start = lexer.position;
  const known = lexer.endOfMatch(escape, start);
  if (known !== undefined && isCodePoint(lexer.text.slice(start, known))) return lexer.emit('escape', known);
  const end = lexer.endOfMatch(anyEscape, start) ?? start + 1;
  lexer.report({
    code: 'CAB1005',
    start,
    end,
    message: `there is no escape ${quoted(lexer.text.slice(start, end))}`,
    label: 'stands for no character',
    hint: 'escapes are \\n \\t \\r \\\\ \\" \\` \\= and \\u{1F600}; \\( begins an interpolation, and \\\\( is its text',
  });
  lexer.emit('escape', end);
}

function isCodePoint(text: string): boolean {
  if (!text.startsWith('\\u')) return true;
  const value = Number.parseInt(text.slice(3, -1), 16);
  return value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
}
