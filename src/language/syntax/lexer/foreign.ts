import { once } from '../../../foundation/index.ts';
import type { Lexer } from './lexer.ts';
import type { Problem } from '../problem.ts';

type Finding = Omit<Problem, 'start' | 'end'> & {
  readonly end: number;
  readonly kind: 'error' | 'error-operand' | '&&' | '||';
};

const singleQuoted = /'[^'\r\n]*'/y;
// Only ASCII white space, names, and the signs of the language end a run of characters that it does not have.
const unknownRun = once(() => /[^\x20-\x7e\t\r\n\p{L}]+/uy);
const lineEnd = /[^\r\n]*/y;

/** Text that no token begins with, reported in terms of what its author most likely meant. */
export function lexForeign(lexer: Lexer): void {
  const { end, kind, ...problem } = find(lexer);
  lexer.report({ ...problem, start: lexer.position, end });
  lexer.emit(kind, end);
}

function find(lexer: Lexer): Finding {
  const { text, position } = lexer;
  if (lexer.startsWith("''")) {
    const end = endOfTwoQuotes(text, position) ?? lexer.endOfMatch(lineEnd, position) ?? text.length;
    const hint = `a string of several lines opens with " at the end of a line and closes with " at the start of one`;
    return { code: 'CAB1114', message: `there are no strings in ''`, hint, end, kind: 'error-operand' };
  }
  if (text[position] === "'") {
    const end = lexer.endOfMatch(singleQuoted, position);
    const message = 'strings are not written in single quotes';
    const hint = 'strings are written in double quotes';
    return {
      code: 'CAB1114',
      message,
      hint,
      end: end ?? position + 1,
      kind: end === undefined ? 'error' : 'error-operand',
    };
  }
  if (lexer.startsWith('/*')) {
    const closing = text.indexOf('*/', position + 2);
    const end = closing === -1 ? position + 2 : closing + 2;
    const hint = 'comments are written # to the end of the line, or #= as a block =#';
    return { code: 'CAB1114', message: 'comments are not written /* … */', hint, end, kind: 'error' };
  }
  return unknownCharacter(lexer);
}

/** Where a string between two quotes ends, in which `'''`, `''$` and `''\` are escapes. */
function endOfTwoQuotes(text: string, start: number): number | undefined {
  let end = text.indexOf("''", start + 2);
  while (end !== -1 && /[$'\\]/.test(text[end + 2] ?? '')) end = text.indexOf("''", end + 3);
  return end === -1 ? undefined : end + 2;
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
  const character = String.fromCodePoint(text.codePointAt(position) as number);
  const end = Math.max(lexer.endOfMatch(unknownRun(), position) ?? 0, position + character.length);
  const hint = hints[character];
  return {
    code: 'CAB1001',
    message: `the language has no ${nameOf(character)}`,
    ...(hint !== undefined && { hint }),
    end,
    kind: character === '&' ? '&&' : character === '|' ? '||' : 'error',
  };
}

function nameOf(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  return /^[\x21-\x7e]$/.test(character) ? `character '${character}'` : `character U+${code}`;
}
