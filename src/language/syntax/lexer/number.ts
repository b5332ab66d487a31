import { quoted } from '../problem.ts';
import { tokenCodes } from '../token.ts';
import type { Lexer } from './lexer.ts';

const plain = /[0-9]+/y;
const withRadix = /0[xXoObB][0-9A-Za-z_]*/y;
const decimal = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?/y;
const rest = /[A-Za-z_][0-9A-Za-z_]*/y;
/** What makes a number more than its digits, or digits followed by more than the number. */
const goesOn = /[0-9A-Za-z_.]/y;

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
  const plainEnd = lexer.endOfMatch(plain, start) as number;
  if (lexer.endOfMatch(goesOn, plainEnd) === undefined) return lexer.emitCode(tokenCodes.integer, plainEnd);
  let end = lexer.endOfMatch(withRadix, start) ?? lexer.endOfMatch(decimal, start) ?? plainEnd;
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

/** Whether the text has the form, and each group of its digits underscores only between two of them. */
function hasForm(text: string, form: RegExp): boolean {
  const groups = form.exec(text)?.slice(1);
  return groups !== undefined && groups.every((digits) => !misplacedUnderscore.test(digits ?? ''));
}
