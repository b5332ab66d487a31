import { type Keyword, keywords, type Punctuation, tokenCodes } from '../token.ts';
import { characterAt, endOfBlanks, endOfName, isLetter, startOf, starts } from './characters.ts';
import { lexComment } from './comment.ts';
import { lexAddress, lexClosure, lexForeign } from './foreign.ts';
import { lexIslandStart, startsPath } from './island.ts';
import type { Bracket, CodeFrame, IslandFrame, Lexer } from './lexer.ts';
import { lexNumber } from './number.ts';
import { lexStringStart } from './text.ts';

const longestKeyword = 4;
const colon = 0x3a;
const byteOrderMark = '\ufeff';

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

/**
 * For the code of each character the number of the token that it is alone; 0 where there is none, and where what follows without being
 * an operator decides: `<a` may open an island, and `/a` a path.
 */
const signs = new Uint8Array(0x80);
for (const [character, candidates] of Object.entries(operators)) {
  const alone = candidates.find((operator) => operator === character);
  if (alone !== undefined && alone !== '<' && alone !== '/')
    signs[character.charCodeAt(0)] = tokenCodes[alone];
}

/** Code up to what is not code: the end of the region, or text that has rules of its own. */
export function lexCode(lexer: Lexer, frame: CodeFrame): void {
  const { text, length } = lexer;
  while (lexer.position < length && lexer.frame === frame) {
    const { position } = lexer;
    const code = text.charCodeAt(position);
    const start = code < 0x80 ? startOf[code] : starts.symbol;
    if (start === starts.blank) lexer.emitCode(tokenCodes.whitespace, endOfBlanks(text, position + 1));
    else if (start === starts.name) lexName(lexer, position + 1);
    else if (start !== starts.symbol || !lexSign(lexer, code)) lexOther(lexer, frame, start as number);
  }
}

/** An operator of one character with something else behind it, as most are. */
function lexSign(lexer: Lexer, code: number): boolean {
  const sign = code < 0x80 ? (signs[code] as number) : 0;
  if (sign === 0) return false;
  const next = lexer.text.charCodeAt(lexer.position + 1);
  if (!(next < 0x80) || startOf[next] === starts.symbol) return false;
  lexer.emitCode(sign, lexer.position + 1);
  return true;
}

/** One token of code that is neither white space, an ordinary name nor an operator of one character. */
function lexOther(lexer: Lexer, frame: CodeFrame, start: number): void {
  const character = lexer.text[lexer.position] as string;
  switch (start) {
    case starts.digit:
      return lexNumber(lexer);
    case starts.quote:
      return lexStringStart(lexer);
    case starts.comment:
      return lexComment(lexer);
    case starts.bracket:
      return lexBracket(lexer, frame, character);
    case starts.separator:
      if (leavesInterpolation(frame)) return abandonInterpolation(lexer);
      return lexer.emit(character as ',' | ';', lexer.position + 1);
    default:
      return character < '\x80' ? lexSymbol(lexer, character) : lexBeyondAscii(lexer);
  }
}

/**
 * `` identifier := nameStart (nameCharacter | '-'+ nameCharacter)* ``
 * `` nameStart := letter | '_' ``
 * `` nameCharacter := letter | mark | digit | '_' | "'" ``
 *
 * A name or keyword whose first character ends at `from`.
 */
function lexName(lexer: Lexer, from: number): void {
  const { position, text } = lexer;
  const end = endOfName(text, from);
  if (text.charCodeAt(end) === colon && lexAddress(lexer, end)) return;
  const keyword = end - position <= longestKeyword ? keywordIn(text, position, end) : undefined;
  lexer.emitCode(keyword === undefined ? tokenCodes.identifier : tokenCodes[keyword], end);
}

/** The keywords by the code of their first character. */
const keywordsByFirst: (readonly Keyword[] | undefined)[] = Array.from({ length: 0x80 });
for (const keyword of keywords) {
  const first = keyword.charCodeAt(0);
  keywordsByFirst[first] = [...(keywordsByFirst[first] ?? []), keyword];
}

function keywordIn(text: string, start: number, end: number): Keyword | undefined {
  const candidates = keywordsByFirst[text.charCodeAt(start)];
  if (candidates === undefined) return undefined;
  return candidates.find((keyword) => keyword.length === end - start && text.startsWith(keyword, start));
}

function lexBeyondAscii(lexer: Lexer): void {
  const { position, text } = lexer;
  const character = characterAt(text, position);
  if (isLetter(character)) return lexName(lexer, position + character.length);
  if (character === byteOrderMark && position === 0) return lexer.emit('whitespace', 1);
  lexForeign(lexer);
}

function lexSymbol(lexer: Lexer, character: string): void {
  if ((character === '.' || character === '/') && startsPath(lexer)) return lexer.enter({ kind: 'path' });
  if (character === '<' && lexIslandStart(lexer)) return;
  if (character === '<' && lexer.startsWith('<<<<<<<')) return lexForeign(lexer);
  if (character === '/' && lexer.startsWith('/*')) return lexForeign(lexer);
  if (character === '|' && lexClosure(lexer)) return;
  for (const operator of operators[character] ?? []) {
    if (lexer.startsWith(operator)) return lexer.emit(operator, lexer.position + operator.length);
  }
  lexForeign(lexer);
}

function lexBracket(lexer: Lexer, frame: CodeFrame, character: string): void {
  if (character !== '(' && character !== '[' && character !== '{')
    return lexCloser(lexer, frame, character as ')' | ']' | '}');
  frame.open.push(character);
  frame.count[character]++;
  lexer.emit(character, lexer.position + 1);
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
  lexer.leave();
  lexer.emit('interpolation-end', lexer.position + 1);
}

function closeOptions(lexer: Lexer): void {
  lexer.leave();
  (lexer.frame as IslandFrame).section = 'tail';
}

/** A comma between no brackets cannot be in an interpolation: its parenthesis must have been forgotten. */
function leavesInterpolation(frame: CodeFrame): boolean {
  return frame.region === 'interpolation' && frame.open.length === 0;
}

/** Leaves the interpolation and the text around it; the parser reports that it was not closed. */
function abandonInterpolation(lexer: Lexer): void {
  lexer.leave();
  lexer.leave();
}
