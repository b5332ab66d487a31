import { once } from '../../../foundation/index.ts';
import { keywords, type Punctuation, type TokenKind } from '../token.ts';
import { lexComment } from './comment.ts';
import { lexForeign } from './foreign.ts';
import { lexIslandStart, startsPath } from './island.ts';
import type { Bracket, CodeFrame, IslandFrame, Lexer } from './lexer.ts';
import { lexNumber } from './number.ts';
import { lexStringStart } from './text.ts';

const whitespace = /[ \t\r\n]+/y;
// A hyphen belongs to a name only where the name goes on behind it, so that `a->b` is an implication.
const asciiName = /[A-Za-z_](?:[A-Za-z0-9_']|-+(?=[A-Za-z0-9_']))*/y;
const anyName = once(() => /[\p{L}_](?:[\p{L}\p{M}\p{N}_']|-+(?=[\p{L}\p{M}\p{N}_']))*/uy);
const byteOrderMark = '\ufeff';

const keywordKinds: ReadonlyMap<string, TokenKind> = new Map(keywords.map((keyword) => [keyword, keyword]));

const openers: Readonly<Record<string, Bracket>> = { ')': '(', ']': '[', '}': '{' };

/** The operators by their first character, the longer before the shorter. */
const operators: Readonly<Record<string, readonly Punctuation[]>> = {
  '=': ['=>', '==', '='],
  '!': ['!=', '!'],
  '<': ['<|', '<=', '<'],
  '>': ['>=', '>'],
  '|': ['||', '|>'],
  '&': ['&&'],
  '-': ['->', '-'],
  '/': ['//', '/'],
  '+': ['++', '+'],
  '*': ['*'],
  '?': ['?'],
  '@': ['@'],
  '.': ['...', '.'],
  ':': [':'],
};

/** One token of code. */
export function lexCode(lexer: Lexer, frame: CodeFrame): void {
  const character = lexer.text[lexer.position] as string;
  if (startsName(character)) {
    if (lexName(lexer)) return;
  } else if (character >= '0' && character <= '9') {
    return lexNumber(lexer);
  }
  switch (character) {
    case ' ':
    case '\n':
    case '\r':
    case '\t':
      lexer.emitMatch('whitespace', whitespace);
      return;
    case '#':
      return lexComment(lexer);
    case '"':
    case '`':
      return lexStringStart(lexer);
    case '(':
    case '[':
    case '{':
      frame.open.push(character);
      frame.count[character]++;
      return lexer.emit(character, lexer.position + 1);
    case ')':
    case ']':
    case '}':
      return lexCloser(lexer, frame, character);
    case ',':
    case ';':
      if (leavesInterpolation(frame)) return abandonInterpolation(lexer);
      return lexer.emit(character, lexer.position + 1);
    case byteOrderMark:
      if (lexer.position === 0) return lexer.emit('whitespace', 1);
      return lexForeign(lexer);
    default:
      return lexSymbol(lexer, character);
  }
}

/** Whether a name may begin with the character: beyond ASCII the pattern decides. */
function startsName(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    character === '_' ||
    character > '\x7f'
  );
}

function lexName(lexer: Lexer): boolean {
  const { position, text } = lexer;
  let end = lexer.endOfMatch(asciiName, position);
  // Properties of Unicode are only asked where they can matter: they cost more than all the rest.
  if (text.charCodeAt(end ?? position) >= 0x80 || (end !== undefined && text[end] === '-')) {
    end = lexer.endOfMatch(anyName(), position);
  }
  if (end === undefined) return false;
  lexer.emit(keywordKinds.get(text.slice(position, end)) ?? 'identifier', end);
  return true;
}

function lexSymbol(lexer: Lexer, character: string): void {
  if (startsPath(lexer)) {
    lexer.frames.push({ kind: 'path' });
    return;
  }
  if (character === '<' && lexIslandStart(lexer)) return;
  if (lexer.startsWith('/*')) return lexForeign(lexer);
  const operator = operators[character]?.find((candidate) => lexer.startsWith(candidate));
  if (operator === undefined) return lexForeign(lexer);
  lexer.emit(operator, lexer.position + operator.length);
}

function lexCloser(lexer: Lexer, frame: CodeFrame, character: ')' | ']' | '}'): void {
  const opener = openers[character] as Bracket;
  if (frame.count[opener] > 0) {
    for (let open = frame.open.pop(); open !== undefined; open = frame.open.pop()) {
      frame.count[open]--;
      if (open === opener) break;
    }
    lexer.emit(character, lexer.position + 1);
    if (frame.region === 'options' && frame.open.length === 0) closeOptions(lexer);
    return;
  }
  if (frame.region !== 'interpolation') return lexer.emit(character, lexer.position + 1);
  if (character !== ')') return abandonInterpolation(lexer);
  lexer.frames.pop();
  lexer.emit('interpolation-end', lexer.position + 1);
}

function closeOptions(lexer: Lexer): void {
  lexer.frames.pop();
  (lexer.frames.at(-1) as IslandFrame).section = 'tail';
}

/** A comma between no brackets cannot be in an interpolation: its parenthesis must have been forgotten. */
function leavesInterpolation(frame: CodeFrame): boolean {
  return frame.region === 'interpolation' && frame.open.length === 0;
}

/** Leaves the interpolation and the text around it; the parser reports that it was not closed. */
function abandonInterpolation(lexer: Lexer): void {
  lexer.frames.splice(-2);
}
