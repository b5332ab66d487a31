import { doubleOf, makeFloat, normaliseInteger } from '../../arithmetic.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { type Numeric, numericOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { force } from '../../thunk.ts';
import { Float, type Value } from '../../value.ts';
import { generatedBitsLimit } from '../limits.ts';

export const powerBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'power',
    group: 'numbers',
    signature: 'number -> number -> number',
    description: 'The first number to the power of the second; exact between integers.',
    details: 'A negative exponent needs a float, as in `power 2.0 (-1)`, and `power 2 0.5` is a square root.',
    example: { expression: 'power 2 10', result: '1024' },
    furtherExamples: [{ expression: 'power 9 0.5', result: '3.0' }],
    forces: [0, 1],
    run: (site, base, exponent) =>
      power(
        numericOf(force(base), site, "the base of 'power'"),
        numericOf(force(exponent), site, "the exponent of 'power'"),
        site,
      ),
  }),
];

function power(base: Numeric, exponent: Numeric, site: Site): Value {
  if (base instanceof Float || exponent instanceof Float) {
    return makeFloat(doubleOf(base) ** doubleOf(exponent), site);
  }
  if (exponent < 0) {
    throw fault(site.span, 'CAB2022', `the exponent of 'power' must be 0 or more, and is ${exponent}`, {
      hint: 'with a float for one of the two numbers the result is a float',
    });
  }
  const bits = BigInt(base).toString(16).length * 4;
  if (base !== 0 && base !== 1 && base !== -1 && bits * Number(exponent) > generatedBitsLimit) {
    throw fault(site.span, 'CAB2023', 'the power grows too large');
  }
  return normaliseInteger(BigInt(base) ** BigInt(exponent));
}
