import { once } from '../../../foundation/index.ts';
import { type Problem, quoted } from '../problem.ts';
import { characterAt, isLetter } from './characters.ts';
import type { Lexer } from './lexer.ts';

type Finding = Omit<Problem, 'start' | 'end'> & {
  readonly end: number;
  readonly kind: 'error' | 'error-operand' | '&&' | '||';
};

const singleQuoted = /'[^'\r\n]*'/y;
const lineEnd = /[^\r\n]*/y;

/** Text that no token begins with, reported in terms of what its author most likely meant. */
export function lexForeign(lexer: Lexer): void {
  const { end, kind, ...problem } = find(lexer);
  lexer.report({ ...problem, start: lexer.position, end });
  lexer.emit(kind, end);
}

function find(lexer: Lexer): Finding {
  if (lexer.startsWith("''")) return twoQuotes(lexer);
  if (lexer.startsWith("'")) return oneQuote(lexer);
  if (lexer.startsWith('/*')) return blockComment(lexer);
  return unknownCharacter(lexer);
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

const hints: Readonly<Record<string, string>> = {
  $: 'an interpolation is written \\(…), in a string or in a quoted identifier; a variable is written by its name alone',
  '\\': 'an interpolation stands only in strings, quoted identifiers, paths and islands; as an attribute name write `\\(…)`',
  '%': 'the remainder of a division is the builtin modulo',
  '^': 'exclusive or is the builtin bitXor',
  '~': 'there is no home folder during evaluation: paths begin with ./, ../ or /',
  '&': "the boolean operator is '&&'",
  '|': "the boolean operator is '||', pipes are '|>' and '<|'",
  '\u00a0': 'this is a no-break space: replace it by an ordinary one',
};

function unknownCharacter(lexer: Lexer): Finding {
  const { text, position } = lexer;
  const character = characterAt(text, position);
  return {
    code: 'CAB1001',
    message: `the language has no ${nameOf(character)}`,
    label: 'begins nothing that the language has',
    hint: hints[character] ?? 'in a string any character may stand; here it can only be left out',
    end: endOfUnknown(text, position),
    kind: character === '&' ? '&&' : character === '|' ? '||' : 'error',
  };
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
  return /^[\x21-\x7e]$/.test(character) ? `character ${quoted(character)}` : `character U+${code}`;
}
