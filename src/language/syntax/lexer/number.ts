import { quoted } from '../problem.ts';
import { tokenCodes } from '../token.ts';
import { startOf, starts } from './characters.ts';
import type { Lexer } from './lexer.ts';

const dot = 0x2e;

const withRadix = /0[xXoObB][0-9A-Za-z_]*/y;
const decimal = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?/y;
const rest = /[A-Za-z_][0-9A-Za-z_]*/y;

const integerForms = [/^([0-9_]+)$/, /^0[xX]([0-9A-Fa-f_]+)$/, /^0[oO]([0-7_]+)$/, /^0[bB]([01_]+)$/];
const floatForm = /^([0-9_]+)(?:\.([0-9_]+))?(?:[eE][+-]?([0-9_]+))?$/;
const misplacedUnderscore = /^_|__|_$/;

/**
 * `integer := digits | ('0x' | '0X') hexadecimalDigits | ('0o' | '0O') octalDigits | ('0b' | '0B') binaryDigits`
 * `float := digits '.' digits exponent? | digits exponent`
 * `exponent := ('e' | 'E') ('+' | '-')? digits`
 * `digits := digit ('_'? digit)*`, and so those of the other bases
 */
export function lexNumber(lexer: Lexer): void {
  const start = lexer.position;
  const digitsEnd = endOfDigits(lexer.text, start + 1);
  if (!goesOn(lexer.text.charCodeAt(digitsEnd))) return lexer.emitCode(tokenCodes.integer, digitsEnd);
  let end = lexer.endOfMatch(withRadix, start) ?? lexer.endOfMatch(decimal, start) ?? digitsEnd;
  end = lexer.endOfMatch(rest, end) ?? end;
  const text = lexer.text.slice(start, end);
  if (integerForms.some((form) => hasForm(text, form))) return lexer.emit('integer', end);
  const isFloat = hasForm(text, floatForm);
  if (isFloat && Number.isFinite(Number(text.replaceAll('_', '')))) return lexer.emit('float', end);
  lexer.report({
    code: 'CAB1006',
    start,
    end,
    message: isFloat ? `${quoted(text)} is larger than any float` : `${quoted(text)} is not a number`,
    label: isFloat ? 'the largest is about 1.8e308' : 'begins with a digit, and does not go on as a number',
    hint: 'numbers are written 42, 1_000, 0xFF, 0o17, 0b1010, 3.14 or 1.5e-3',
  });
  lexer.emit('error-operand', end);
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (startOf[text.charCodeAt(end)] === starts.digit) end++;
  return end;
}

/** Whether there is more behind the digits of a number than them, whether it belongs to the number or not. */
function goesOn(code: number): boolean {
  return code === dot || startOf[code] === starts.name;
}

/** Whether the text has the form, and each group of its digits underscores only between two of them. */
function hasForm(text: string, form: RegExp): boolean {
  const groups = form.exec(text)?.slice(1);
  return groups !== undefined && groups.every((digits) => !misplacedUnderscore.test(digits ?? ''));
}
