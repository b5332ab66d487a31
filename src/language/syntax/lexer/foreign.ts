import { once } from '../../../foundation/index.ts';
import { type Problem, quoted } from '../problem.ts';
import type { TokenKind } from '../token.ts';
import { characterAt, isLetter } from './characters.ts';
import type { Lexer } from './lexer.ts';

type Finding = Omit<Problem, 'start' | 'end'> & {
  readonly end: number;
  readonly kind: TokenKind;
};

const singleQuoted = /'[^'\r\n]*'/y;
const lineEnd = /[^\r\n]*/y;

/** Text that no token begins with, reported in terms of what its author most likely meant. */
export function lexForeign(lexer: Lexer): void {
  const { end, kind, ...problem } = find(lexer);
  lexer.report({ ...problem, start: lexer.position, end });
  lexer.emit(kind, end);
}

const restOfAddress = /:\/\/[^\s,;)\]}"'`]+/y;

/** `https://…` without quotes or angle brackets, the scheme of which ends at `colon`. */
export function lexAddress(lexer: Lexer, colon: number): boolean {
  const end = lexer.endOfMatch(restOfAddress, colon);
  if (end === undefined) return false;
  const { text, position: start } = lexer;
  const address = text.slice(start, end);
  const isIsland = /^https?:/.test(address);
  lexer.report({
    code: 'CAB1114',
    start,
    end,
    message: 'an address does not stand by itself',
    label: 'a literal of another language',
    hint: `what lies there is an island, <${isIsland ? '' : 'git:'}…>; as text it stands in double quotes`,
    ...(isIsland && { replacement: `<${address}>` }),
  });
  lexer.emit('error-operand', end);
  return true;
}

const closureParameters = /\|[A-Za-z_][A-Za-z0-9_, ]*\|/y;

/** `|x| …`, where something begins: behind an operand the bar is taken for an operator. */
export function lexClosure(lexer: Lexer): boolean {
  const { text, position: start } = lexer;
  const end = lexer.endOfMatch(closureParameters, start);
  if (end === undefined || !/[=(,[{]\s*$/.test(text.slice(Math.max(0, start - longestGap), start)))
    return false;
  lexer.report({
    code: 'CAB1114',
    start,
    end,
    message: 'the parameters of a lambda do not stand between bars',
    label: 'a construct of another language',
    hint: 'write x => …, for several a => b => …, or { a, b, } => …',
  });
  lexer.emit('error', end);
  return true;
}

/** How many blanks before a bar are looked through. */
const longestGap = 40;

function find(lexer: Lexer): Finding {
  if (lexer.startsWith("''")) return twoQuotes(lexer);
  if (lexer.startsWith("'")) return oneQuote(lexer);
  if (lexer.startsWith('/*')) return blockComment(lexer);
  if (lexer.startsWith('<<<<<<<')) return conflict(lexer);
  return curlyQuotes(lexer) ?? unknownCharacter(lexer);
}

function twoQuotes(lexer: Lexer): Finding {
  const { text, position } = lexer;
  const closed = lexer.search("''", () => endOfTwoQuotes(text, position));
  return {
    code: 'CAB1114',
    message: `there are no strings in ''`,
    label: 'a string of another language',
    hint: `a string of several lines opens with " at the end of a line and closes with " at the start of one`,
    end: closed ?? lexer.endOfMatch(lineEnd, position) ?? text.length,
    kind: 'error-operand',
  };
}

/** Where a string between two quotes ends, in which `'''`, `''$` and `''\` are escapes. */
function endOfTwoQuotes(text: string, start: number): number | undefined {
  let end = text.indexOf("''", start + 2);
  while (end !== -1 && /[$'\\]/.test(text[end + 2] ?? '')) end = text.indexOf("''", end + 3);
  return end === -1 ? undefined : end + 2;
}

function oneQuote(lexer: Lexer): Finding {
  const closed = lexer.endOfMatch(singleQuoted, lexer.position);
  return {
    code: 'CAB1114',
    message: 'strings are not written in single quotes',
    label: closed === undefined ? 'a quote that begins nothing' : 'a string of another language',
    hint: 'strings are written in double quotes',
    end: closed ?? lexer.position + 1,
    kind: closed === undefined ? 'error' : 'error-operand',
  };
}

function blockComment(lexer: Lexer): Finding {
  const { text, position } = lexer;
  const closing = lexer.search('*/', () => {
    const found = text.indexOf('*/', position + 2);
    return found === -1 ? undefined : found + 2;
  });
  return {
    code: 'CAB1114',
    message: 'comments are not written /* … */',
    label: 'a comment of another language',
    hint: 'comments are written # to the end of the line, or #= as a block =#',
    end: closing ?? position + 2,
    kind: 'error',
  };
}

const curlyQuoted = /[“”„«»][^“”„«»\r\n]*[“”«»]/y;

/** A string as a word processor writes it. */
function curlyQuotes(lexer: Lexer): Finding | undefined {
  const end = lexer.endOfMatch(curlyQuoted, lexer.position);
  if (end === undefined) return undefined;
  const inner = lexer.text.slice(lexer.position + 1, end - 1);
  return {
    code: 'CAB1001',
    message: 'strings are not written in curly quotes',
    label: 'a string of a word processor',
    hint: 'strings are written in straight double quotes',
    ...(!/["\\]/.test(inner) && { replacement: `"${inner}"` }),
    end,
    kind: 'error-operand',
  };
}

/** What a merge has left to be decided, from its first mark to its last, so that neither side is looked at. */
function conflict(lexer: Lexer): Finding {
  const { text, position } = lexer;
  const last = lexer.search('>>>>>>>', () => {
    const found = text.indexOf('>>>>>>>', position);
    return found === -1 ? undefined : found;
  });
  return {
    code: 'CAB1114',
    message: 'the file has marks of a merge conflict in it',
    label: 'both sides are still there',
    hint: 'choose one side, or join both, and take the marks away',
    end: lexer.endOfMatch(lineEnd, last ?? position) ?? text.length,
    kind: 'error',
  };
}

/** Signs that are written for a token of the language: told, and taken for it. */
const lookalikes: Readonly<Record<string, TokenKind>> = {
  '&': '&&',
  '|': '||',
  '%': '*',
  '^': '*',
  '×': '*',
  '·': '*',
  '÷': '/',
  '−': '-',
  '–': '-',
  '—': '-',
  '≠': '!=',
  '≤': '<=',
  '≥': '>=',
  '⇒': '=>',
  '→': '=>',
  '，': ',',
  '、': ',',
  '；': ';',
};

/** Characters that are not seen, and that no font shows. */
const invisible = /^[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]/;

const hints: Readonly<Record<string, string>> = {
  $: 'an interpolation is written \\(…), in a string or in a quoted identifier; a variable is written by its name alone',
  '\\': 'an interpolation stands only in strings, quoted identifiers, paths and islands; as an attribute name write `\\(…)`',
  '%': 'the remainder of a division is the builtin modulo: modulo a b',
  '^': 'a number is raised by the builtin power, and exclusive or is bitXor',
  '~': 'there is no home folder during evaluation: paths begin with ./, ../ or /',
  '&': "the boolean operator is '&&'",
  '|': "the boolean operator is '||', pipes are '|>' and '<|'",
  '\u00a0': 'this is a no-break space: replace it by an ordinary one',
};

function unknownCharacter(lexer: Lexer): Finding {
  const { text, position } = lexer;
  const character = characterAt(text, position);
  const meant = Object.hasOwn(lookalikes, character) ? lookalikes[character] : undefined;
  return {
    code: 'CAB1001',
    message: `the language has no ${nameOf(character)}`,
    label: 'begins nothing that the language has',
    hint: hintForBackslash(text, position) ?? hints[character] ?? hintFor(character, meant),
    ...(meant !== undefined && character > '\x7f' && { replacement: meant }),
    end: meant === undefined ? endOfUnknown(text, position) : position + character.length,
    kind: meant ?? 'error',
  };
}

/** A backslash outside of text, which elsewhere begins a function or joins two lines. */
function hintForBackslash(text: string, position: number): string | undefined {
  const rest = text.slice(position, position + longestGap);
  if (/^\\[A-Za-z_]/.test(rest)) return 'a lambda is written x => …';
  return /^\\[ \t]*\r?\n/.test(rest) ? 'an expression goes on in the next line without a sign' : undefined;
}

function hintFor(character: string, meant: string | undefined): string {
  if (meant !== undefined) return `write '${meant}'`;
  if (invisible.test(character))
    return 'this character is not seen: delete what stands here, and write it again';
  return 'in a string any character may stand; here it can only be left out';
}

const known = once(() => /^[\x20-\x7e\t\r\n]$/);

/** A sign of ASCII stands alone; other characters are told together, up to the next that a token may begin with. */
function endOfUnknown(text: string, from: number): number {
  let end = from;
  while (end < text.length) {
    const character = characterAt(text, end);
    if (known().test(character) || isLetter(character)) break;
    end += character.length;
  }
  return Math.max(end, from + 1);
}

function nameOf(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  if (/^[\x21-\x7e]$/.test(character)) return `character ${quoted(character)}`;
  const isShown = /^[\p{S}\p{P}]$/u.test(character);
  return isShown ? `character '${character}' (U+${code})` : `character U+${code}`;
}
