import { doubleOf, normaliseInteger, remainder } from '../arithmetic.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { integerOf, numericOf } from '../expect.ts';
import type { Site } from '../fault.ts';
import { force } from '../thunk.ts';
import { Float, type Slot, type Value } from '../value.ts';

const group = 'numbers';

export const numberBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'absolute',
    group,
    signature: 'number -> number',
    description: 'The number without its sign.',
    example: { expression: 'absolute (-3)', result: '3' },
    run: (site, number) => {
      const value = numericOf(force(number), site, "the argument of 'absolute'");
      if (value instanceof Float) return new Float(Math.abs(value.value));
      return value < 0 ? normaliseInteger(-value) : value;
    },
  }),
  defineBuiltin({
    name: 'floor',
    group,
    signature: 'number -> integer',
    description: 'The greatest integer that is not greater.',
    example: { expression: 'floor 2.7', result: '2' },
    run: (site, number) => rounded(number, site, 'floor', Math.floor),
  }),
  defineBuiltin({
    name: 'ceiling',
    group,
    signature: 'number -> integer',
    description: 'The smallest integer that is not smaller.',
    example: { expression: 'ceiling 2.1', result: '3' },
    run: (site, number) => rounded(number, site, 'ceiling', Math.ceil),
  }),
  defineBuiltin({
    name: 'modulo',
    group,
    signature: 'integer -> integer -> integer',
    description: "What is left of the first after '/' by the second; it has the sign of the first.",
    example: { expression: 'modulo 7 3', result: '1' },
    run: (site, left, right) => remainder(...integers(left, right, site, 'modulo'), site),
  }),
  defineBuiltin({
    name: 'bitAnd',
    group,
    signature: 'integer -> integer -> integer',
    description: 'The bits that both integers have, negative ones in two’s complement.',
    example: { expression: 'bitAnd 12 10', result: '8' },
    run: (site, left, right) => bitwise(left, right, site, 'bitAnd', (a, b) => a & b),
  }),
  defineBuiltin({
    name: 'bitOr',
    group,
    signature: 'integer -> integer -> integer',
    description: 'The bits that at least one of the integers has.',
    example: { expression: 'bitOr 12 10', result: '14' },
    run: (site, left, right) => bitwise(left, right, site, 'bitOr', (a, b) => a | b),
  }),
  defineBuiltin({
    name: 'bitXor',
    group,
    signature: 'integer -> integer -> integer',
    description: 'The bits that just one of the integers has.',
    example: { expression: 'bitXor 12 10', result: '6' },
    run: (site, left, right) => bitwise(left, right, site, 'bitXor', (a, b) => a ^ b),
  }),
];

function rounded(number: Slot, site: Site, name: string, round: (value: number) => number): Value {
  const value = numericOf(force(number), site, `the argument of '${name}'`);
  return value instanceof Float ? normaliseInteger(BigInt(round(doubleOf(value)))) : value;
}

function integers(left: Slot, right: Slot, site: Site, name: string): [number | bigint, number | bigint] {
  return [
    integerOf(force(left), site, `the first integer of '${name}'`),
    integerOf(force(right), site, `the second integer of '${name}'`),
  ];
}

function bitwise(
  left: Slot,
  right: Slot,
  site: Site,
  name: string,
  combine: (left: bigint, right: bigint) => bigint,
): Value {
  const [a, b] = integers(left, right, site, name);
  return normaliseInteger(combine(BigInt(a), BigInt(b)));
}
