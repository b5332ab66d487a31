import { normaliseInteger } from '../../arithmetic.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { anyTextOf, countOf, integerOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { force } from '../../thunk.ts';
import type { Slot, Value } from '../../value.ts';
import { generatedBitsLimit } from '../limits.ts';

const group = 'numbers';

/** Integers as bits, of which there are as many as are needed; negative ones in two's complement. */
export const bitBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'bitAnd',
    group,
    forces: [0, 1],
    signature: 'integer -> integer -> integer',
    description: 'The bits that both integers have, negative ones in two’s complement.',
    example: { expression: 'bitAnd 12 10', result: '8' },
    run: (site, left, right) =>
      bitwise(
        left,
        right,
        site,
        'bitAnd',
        (a, b) => a & b,
        (a, b) => a & b,
      ),
  }),
  defineBuiltin({
    name: 'bitOr',
    group,
    forces: [0, 1],
    signature: 'integer -> integer -> integer',
    description: 'The bits that at least one of the integers has.',
    example: { expression: 'bitOr 12 10', result: '14' },
    run: (site, left, right) =>
      bitwise(
        left,
        right,
        site,
        'bitOr',
        (a, b) => a | b,
        (a, b) => a | b,
      ),
  }),
  defineBuiltin({
    name: 'bitXor',
    group,
    forces: [0, 1],
    signature: 'integer -> integer -> integer',
    description: 'The bits that just one of the integers has.',
    example: { expression: 'bitXor 12 10', result: '6' },
    run: (site, left, right) =>
      bitwise(
        left,
        right,
        site,
        'bitXor',
        (a, b) => a ^ b,
        (a, b) => a ^ b,
      ),
  }),
  defineBuiltin({
    name: 'bitNot',
    group,
    signature: 'integer -> integer',
    description: 'The bits that the integer has not, which is -1 minus the integer.',
    example: { expression: 'bitNot 5', result: '-6' },
    forces: [0],
    run: (site, integer) =>
      normaliseInteger(~BigInt(integerOf(force(integer), site, "the argument of 'bitNot'"))),
  }),
  defineBuiltin({
    name: 'shiftLeft',
    group,
    signature: 'integer -> integer -> integer',
    description: 'The second integer with so many zero bits more at its end as the first says.',
    example: { expression: 'shiftLeft 4 1', result: '16' },
    forces: [0, 1],
    run: (site, bits, integer) => {
      const count = countOf(force(bits), site, "the bits of 'shiftLeft'", generatedBitsLimit);
      return normaliseInteger(
        BigInt(integerOf(force(integer), site, "the integer of 'shiftLeft'")) << BigInt(count),
      );
    },
  }),
  defineBuiltin({
    name: 'shiftRight',
    group,
    signature: 'integer -> integer -> integer',
    description: 'The second integer without so many bits at its end as the first says; its sign stays.',
    example: { expression: 'shiftRight 2 20', result: '5' },
    forces: [0, 1],
    run: (site, bits, integer) => {
      const count = countOf(force(bits), site, "the bits of 'shiftRight'");
      return normaliseInteger(
        BigInt(integerOf(force(integer), site, "the integer of 'shiftRight'")) >> BigInt(count),
      );
    },
  }),
  defineBuiltin({
    name: 'toBase',
    group,
    signature: 'integer -> integer -> string',
    description:
      'The digits of the second integer in the base that the first says, 2 to 36; letters are small.',
    example: { expression: 'toBase 16 255', result: '"ff"' },
    forces: [1, 0],
    run: (site, base, integer) =>
      integerOf(force(integer), site, "the integer of 'toBase'").toString(baseOf(base, site, 'toBase')),
  }),
  defineBuiltin({
    name: 'fromBase',
    group,
    signature: 'integer -> string -> integer',
    description: 'The integer whose digits in the base, 2 to 36, are in the string.',
    example: { expression: 'fromBase 8 "755"', result: '493' },
    forces: [0, 1],
    run: (site, base, digits) => {
      const radix = baseOf(base, site, 'fromBase');
      const text = anyTextOf(force(digits), site, "the digits of 'fromBase'");
      return normaliseInteger(integerFrom(text, radix, site));
    },
  }),
];

/** Both forms do the same: numbers of 32 bits need no big integers. */
function bitwise(
  left: Slot,
  right: Slot,
  site: Site,
  name: string,
  small: (left: number, right: number) => number,
  big: (left: bigint, right: bigint) => bigint,
): Value {
  const a = integerOf(force(left), site, `the first integer of '${name}'`);
  const b = integerOf(force(right), site, `the second integer of '${name}'`);
  if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return small(a, b);
  return normaliseInteger(big(BigInt(a), BigInt(b)));
}

function baseOf(slot: Slot, site: Site, name: string): number {
  const base = integerOf(force(slot), site, `the base of '${name}'`);
  if (typeof base === 'number' && base >= 2 && base <= 36) return base;
  throw fault(site.span, 'CAB2022', `the base of '${name}' must be from 2 to 36, and is ${base}`);
}

function integerFrom(text: string, base: number, site: Site): bigint {
  const digits = text.replace(/^-/, '').toLowerCase();
  const allowed = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  if (digits === '' || [...digits].some((digit) => !allowed.includes(digit))) {
    throw fault(site.span, 'CAB2017', `"${text}" is not an integer in base ${base}`, {
      hint: `its digits are ${allowed.at(0)} to ${allowed.at(-1)}, without a prefix`,
    });
  }
  const value = parseDigits(digits, base);
  return text.startsWith('-') ? -value : value;
}

/** By halves, since digit by digit takes quadratic time. */
function parseDigits(digits: string, base: number): bigint {
  if (digits.length <= 10) return BigInt(Number.parseInt(digits, base));
  const middle = digits.length >> 1;
  const low = digits.length - middle;
  return (
    parseDigits(digits.slice(0, middle), base) * BigInt(base) ** BigInt(low) +
    parseDigits(digits.slice(middle), base)
  );
}
