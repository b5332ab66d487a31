import { normaliseInteger } from '../arithmetic.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { isString, textOf } from '../context.ts';
import { isNumeric, mismatch } from '../expect.ts';
import { type Site, fault } from '../fault.ts';
import { toText } from '../interpolate.ts';
import { showFloat } from '../show.ts';
import { force } from '../thunk.ts';
import { Float, type Value } from '../value.ts';

const group = 'conversion';

export const conversionBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'toString',
    group,
    signature: 'any -> string',
    description: 'The value as it stands in a text, also for null, booleans and floats.',
    example: { expression: 'toString 1.5', result: '"1.5"' },
    run: (site, value) => {
      const scalar = force(value);
      if (scalar === null || typeof scalar === 'boolean') return String(scalar);
      if (scalar instanceof Float) return showFloat(scalar.value);
      return toText(scalar, site, "the argument of 'toString'");
    },
  }),
  defineBuiltin({
    name: 'toInteger',
    group,
    signature: 'string | number -> integer',
    description: 'The integer that a text writes in decimal digits, or a float without its fraction.',
    example: { expression: 'toInteger "42"', result: '42' },
    run: (site, value) => {
      const given = force(value);
      if (given instanceof Float) return normaliseInteger(BigInt(Math.trunc(given.value)));
      if (isNumeric(given)) return given;
      const text = numberText(given, site, 'toInteger');
      if (/^[+-]?[0-9]+$/.test(text)) return normaliseInteger(BigInt(text.replace(/^\+/, '')));
      throw fault(site.span, 'CAB2017', `"${text}" is not an integer`);
    },
  }),
  defineBuiltin({
    name: 'toFloat',
    group,
    signature: 'string | number -> float',
    description: 'The float that a text writes in decimal digits, or that is nearest to an integer.',
    example: { expression: 'toFloat "1.5"', result: '1.5' },
    run: (site, value) => {
      const given = force(value);
      if (given instanceof Float) return given;
      const text = isNumeric(given) ? String(given) : numberText(given, site, 'toFloat');
      const double = /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isFinite(double)) return new Float(double);
      throw fault(site.span, 'CAB2017', `"${text}" is not a number that a float can hold`);
    },
  }),
];

function numberText(value: Value, site: Site, name: string): string {
  if (isString(value)) return textOf(value).trim();
  throw mismatch(value, site, `the argument of '${name}'`, 'a string or a number');
}
