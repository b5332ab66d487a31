import type { BinaryOperator, Expression } from '../expression.ts';

/**
 * An expression as 32-bit words, which are read where they lie: a file that was parsed before costs nothing but for the parts
 * that are looked at.
 *
 * The words are a header (`headerWords`), the records, the end of each string, and the characters of all strings, of one
 * byte each where that is enough and of two where not. A record is an expression: the number of its tag, its start
 * and end, and its own fields (see `Encoder`). What is within it stands in place, but for expressions: these are referred to by the
 * place of their record, which always lies behind the reference. Records are in the byte order of the machine.
 */
export const headerWords = 8;

/** The words of the header. */
export const header = {
  magic: 0,
  version: 1,
  /** The length of the text that was parsed, in UTF-16 units. */
  textLength: 2,
  /** Where the records end, and the ends of the strings begin. */
  recordsEnd: 3,
  strings: 4,
  /** 1 where the characters of the strings have one byte each, 2 where they have two. */
  characterBytes: 5,
  /** Two words over all others. */
  checksum: 6,
} as const;

/** `CABS`, in the byte order of the machine. */
export const magic = 0x53424143;

/** To be raised whenever the records change, or what the same text is parsed to. */
export const version = 1;

/** What a record is. Whole numbers of more than 32 bits are kept by their digits. */
export const tags = {
  name: 0,
  integer: 1,
  'big-integer': 2,
  float: 3,
  string: 4,
  path: 5,
  island: 6,
  lambda: 7,
  let: 8,
  if: 9,
  apply: 10,
  binary: 11,
  unary: 12,
  'has-attribute': 13,
  select: 14,
  list: 15,
  attributes: 16,
} as const satisfies Record<Expression['kind'] | 'big-integer', number>;

/** The operators by their numbers. */
export const operators: readonly BinaryOperator[] = [
  '->',
  '||',
  '&&',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '//',
  '++',
  '+',
  '-',
  '*',
  '/',
];

/**
 * Fills in, or compares, the two words over all the others. Either changes with every change of one word, and damage that
 * both miss would take chance some 2^64 tries.
 */
export function checksumOf(words: Int32Array): readonly [number, number] {
  let first = 0x2545f491;
  let second = words.length;
  for (let index = 0; index < words.length; index++) {
    if (index === header.checksum || index === header.checksum + 1) continue;
    const word = words[index] as number;
    first = Math.imul(first ^ word, 0x9e3779b1);
    first ^= first >>> 15;
    second = Math.imul(second + word, 0x85ebca6b);
    second ^= second >>> 13;
  }
  return [first, second];
}
