import type { Lexer } from './lexer.ts';

const withRadix = /0[xXoObB][0-9A-Za-z_]*/y;
const decimal = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?/y;
const rest = /[A-Za-z_][0-9A-Za-z_]*/y;

const digits = (set: string): string => `${set}+(?:_${set}+)*`;
const wellFormedInteger = new RegExp(
  `^(?:${digits('[0-9]')}|0[xX]${digits('[0-9A-Fa-f]')}|0[oO]${digits('[0-7]')}|0[bB]${digits('[01]')})$`,
);
const wellFormedFloat = new RegExp(
  `^${digits('[0-9]')}(?:\\.${digits('[0-9]')})?(?:[eE][+-]?${digits('[0-9]')})?$`,
);

/** `42`, `1_000`, `0xFF`, `0o17`, `0b1010`, `3.14`, `1.5e-3`. */
export function lexNumber(lexer: Lexer): void {
  const start = lexer.position;
  let end = lexer.endOfMatch(withRadix, start) ?? lexer.endOfMatch(decimal, start) ?? start + 1;
  end = lexer.endOfMatch(rest, end) ?? end;
  const text = lexer.text.slice(start, end);
  if (wellFormedInteger.test(text)) return lexer.emit('integer', end);
  const isFloat = wellFormedFloat.test(text);
  if (isFloat && Number.isFinite(Number(text.replaceAll('_', '')))) return lexer.emit('float', end);
  lexer.report({
    code: 'CAB1006',
    start,
    end,
    message: isFloat ? `'${text}' is larger than any float` : `'${text}' is not a number`,
    hint: 'numbers are written 42, 1_000, 0xFF, 0o17, 0b1010, 3.14 or 1.5e-3',
  });
  lexer.emit('error-operand', end);
}
