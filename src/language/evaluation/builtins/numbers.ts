import { normaliseInteger, remainder } from '../arithmetic.ts';
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
    name: 'round',
    group,
    signature: 'number -> integer',
    description: 'The nearest integer; of two that are as near the one farther from zero.',
    example: { expression: 'map round [ 2.4, 2.5, -2.5, ]', result: '[ 2, 3, -3, ]' },
    forces: [0],
    run: (site, number) => rounded(number, site, 'round', roundFromZero),
  }),
  defineBuiltin({
    name: 'modulo',
    group,
    forces: [0, 1],
    signature: 'integer -> integer -> integer',
    description: "What is left of the first after '/' by the second; it has the sign of the first.",
    example: { expression: 'modulo 7 3', result: '1' },
    run: (site, left, right) =>
      remainder(
        integerOf(force(left), site, "the first integer of 'modulo'"),
        integerOf(force(right), site, "the second integer of 'modulo'"),
        site,
      ),
  }),
];

/** `Math.round` takes -2.5 to -2, and 0.49999999999999994 is below a half though a half more rounds to one. */
function roundFromZero(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function rounded(number: Slot, site: Site, name: string, round: (value: number) => number): Value {
  const value = numericOf(force(number), site, `the argument of '${name}'`);
  return value instanceof Float ? normaliseInteger(BigInt(round(value.value))) : value;
}
