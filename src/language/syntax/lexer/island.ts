import { quoted } from '../problem.ts';
import { characterAt, isNameCharacter } from './characters.ts';
import { codeFrame, type IslandFrame, type Lexer } from './lexer.ts';
import { lexEscape } from './text.ts';

const pathText = /[A-Za-z0-9._+@/-]+/y;
const pathStart = /\.{1,2}\/|\/(?:[A-Za-z0-9._+@-]|\\\()/y;
const closers = '")]}`';

const islandStart = /<[A-Za-z][A-Za-z0-9+.-]*:/y;
const withoutType = /<[A-Za-z][^\s<>:"{}()[\]]*>/y;
// Behind options there may be blanks, as there may be between them.
const blanksInTail = /[ \t\r\n]+(?=>|::\/)/y;
const angleBeforeLetter = /<[A-Za-z]/y;
const islandText = /[^\s<>\\"\u0000-\u001f\u007f-\u009f]+/y;

/**
 * `pathStart := './' | '../' | '/'`, the last where a path goes on behind it and it is not glued to an operand, as in the
 * division `a/b`
 */
export function startsPath(lexer: Lexer): boolean {
  const { text, position } = lexer;
  if (lexer.endOfMatch(pathStart, position) === undefined) return false;
  return text[position] === '.' || position === 0 || !endsOperand(characterBefore(text, position));
}

function endsOperand(character: string): boolean {
  return closers.includes(character) || isNameCharacter(character);
}

function characterBefore(text: string, offset: number): string {
  return characterAt(
    text,
    text.charCodeAt(offset - 1) >>> 10 === 0x37 && offset > 1 ? offset - 2 : offset - 1,
  );
}

/**
 * `pathText := pathCharacter+`
 * `pathCharacter := asciiLetter | asciiDigit | '.' | '_' | '+' | '@' | '/' | '-'`
 *
 * A piece of a path, or its end.
 */
export function lexPath(lexer: Lexer): void {
  if (lexer.startsWith('\\(')) return lexer.openInterpolation();
  if (lexer.emitMatch('path', pathText)) return;
  lexer.leave();
}

/** An island with blanks in it, up to its end on the same line. */
const restWithBlanks = /[ \t]+[^\s<>"\\,;(){}[\]]+(?:[ \t]+[^\s<>"\\,;(){}[\]]+)*[ \t]*>/y;
const blankBeforeType = /<[ \t]+[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\,;(){}[\]]+[ \t]*>/y;

/**
 * `islandStart := '<' type ':'`
 * `type := asciiLetter (asciiLetter | asciiDigit | '+' | '.' | '-')*`
 *
 * Where the form is missed it says so, and takes what most likely was meant.
 */
export function lexIslandStart(lexer: Lexer): boolean {
  const start = lexer.position;
  if (lexer.emitMatch('island-start', islandStart)) {
    lexer.enter({ kind: 'island', start, section: 'body' });
    if (lexer.startsWith('{')) lexer.enter(codeFrame('options'));
    return true;
  }
  const spaced = lexer.endOfMatch(blankBeforeType, start);
  if (spaced !== undefined) {
    lexer.report({
      code: 'CAB1007',
      start,
      end: spaced,
      message: "an island has no blank behind '<'",
      label: 'expected the type at once',
      hint: 'an island is written in one piece: <github:owner/repository>',
      replacement: lexer.text.slice(start, spaced).replaceAll(/[ \t]/g, ''),
    });
    lexer.emit('error-operand', spaced);
    return true;
  }
  const bracketed = lexer.endOfMatch(withoutType, start);
  if (bracketed !== undefined) {
    lexer.report({
      code: 'CAB1007',
      start,
      end: bracketed,
      message: `the island ${quoted(lexer.text.slice(start, bracketed))} does not name its type`,
      label: `a type and ':' are missing behind '<'`,
      hint: `an island is written <type:body>, such as <github:owner/repository> or <cab:packages>; to compare, put blanks around '<' and '>'`,
    });
    lexer.emit('error-operand', bracketed);
    return true;
  }
  if (lexer.endOfMatch(angleBeforeLetter, start) === undefined) return false;
  lexer.report({
    code: 'CAB1007',
    start,
    end: start + 1,
    message: `'<' directly before a letter opens an island, and no type follows it`,
    label: 'opens an island, or compares without a blank behind it',
    hint: `to compare, put blanks around it: a < b; an island is written <type:body>`,
  });
  lexer.emit('<', start + 1);
  return true;
}

/** The text of a body ends where its sub-tree begins. */
function endOfSection(text: string, start: number, end: number, frame: IslandFrame): number {
  if (frame.section === 'subtree') return end;
  const subtree = text.slice(start, end).indexOf('::/');
  return subtree === -1 ? end : start + subtree;
}

/** A piece of an island's body or sub-tree, or its end. */
export function lexIsland(lexer: Lexer, frame: IslandFrame): void {
  const { position, text } = lexer;
  if (text[position] === '>') {
    lexer.leave();
    lexer.emit('island-end', position + 1);
    if (lexer.startsWith('/')) lexer.enter({ kind: 'path' });
    return;
  }
  if (frame.section !== 'subtree' && lexer.startsWith('::/')) {
    frame.section = 'subtree';
    return lexer.emit('island-subtree', position + 3);
  }
  if (frame.section === 'tail') {
    if (lexer.emitMatch('whitespace', blanksInTail)) return;
  } else {
    if (text[position] === '\\') return lexEscape(lexer);
    const end = lexer.endOfMatch(islandText, position);
    if (end !== undefined) return lexer.emit('text', endOfSection(text, position, end, frame));
  }
  lexer.leave();
  const closed = lexer.endOfMatch(restWithBlanks, position);
  lexer.report({
    code: 'CAB1004',
    start: closed === undefined ? frame.start : position,
    end: closed ?? position,
    message:
      closed === undefined ? 'the island is not closed' : 'the island has a blank in it, which ends it',
    label: closed === undefined ? `a '>' is missing behind this` : "expected '>' or more of the island",
    hint: 'an island has no blanks in it; what has some is written as an interpolation, such as \\("a b")',
  });
  if (closed !== undefined) lexer.emit('error', closed);
}
