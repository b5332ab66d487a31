import { positionOf } from '../../../diagnostics/index.ts';
import { normaliseInteger } from '../arithmetic.ts';
import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, BuiltinFunction, defineBuiltin } from '../builtin.ts';
import { type Context, ContextCollector, contextOf, isString, textOf, withContext } from '../context.ts';
import { anyTextOf, isNumeric, mismatch } from '../expect.ts';
import { type Site, fault } from '../fault.ts';
import { allOf } from '../fork.ts';
import { toText } from '../interpolate.ts';
import { noJson } from '../json.ts';
import { JsonError, parseJson } from '../json-text.ts';
import { Lambda } from '../lambda.ts';
import { showFloat } from '../show.ts';
import { force } from '../thunk.ts';
import { parseToml } from '../toml.ts';
import { Float, type Value, isList } from '../value.ts';

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
  defineBuiltin({
    name: 'toJson',
    group,
    signature: 'any -> string',
    description:
      'The value as JSON without white space, names in order; paths, islands and derivations as in a text.',
    example: {
      expression: 'toJson { b = [ 1, null, ], a = "x", }',
      result: '"{\\"a\\":\\"x\\",\\"b\\":[1,null]}"',
    },
    run: (site, value) => {
      const writer = new JsonWriter(site);
      return withContext(writer.write(force(value)), writer.context);
    },
  }),
  defineBuiltin({
    name: 'fromJson',
    group,
    signature: 'string -> any',
    description: 'The value that a JSON text describes.',
    example: { expression: 'fromJson "[1, 2.5, null]"', result: '[ 1, 2.5, null, ]' },
    run: (site, text) => {
      const source = anyTextOf(force(text), site, "the argument of 'fromJson'");
      try {
        return parseJson(source);
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
        throw notOfFormat('JSON', error.message, source, error.offset, site);
      }
    },
  }),
  defineBuiltin({
    name: 'fromToml',
    group,
    signature: 'string -> { any }',
    description: 'The attributes that a TOML text describes; dates and times become strings.',
    example: {
      expression: 'fromToml "[package]\\nname = \'cab\'"',
      result: '{ package = { name = "cab", }, }',
    },
    run: (site, text) => {
      const source = anyTextOf(force(text), site, "the argument of 'fromToml'");
      const result = parseToml(source);
      if (result.kind === 'value') return result.value;
      throw fault(site.span, 'CAB2017', `the text is not TOML: ${result.reason}`, {
        notes: [`line ${result.line}, column ${result.column}`],
      });
    },
  }),
];

function numberText(value: Value, site: Site, name: string): string {
  if (isString(value)) return textOf(value).trim();
  throw mismatch(value, site, `the argument of '${name}'`, 'a string or a number');
}

function notOfFormat(format: string, reason: string, text: string, offset: number, site: Site): Error {
  const { line, column } = positionOf({ name: format, text }, offset);
  return fault(site.span, 'CAB2017', `the text is not ${format}: ${reason}`, {
    notes: [`line ${line}, column ${column}`],
  });
}

/** Writes JSON for a build to read, and gathers what the texts in it mention. */
class JsonWriter {
  readonly #contexts = new ContextCollector();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Of all that was written. */
  get context(): Context {
    return this.#contexts.context;
  }

  write(value: Value): string {
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Float) return showFloat(value.value);
    if (isList(value)) return `[${allOf(value, (slot) => this.write(force(slot))).join(',')}]`;
    if (value instanceof Attributes) {
      const members = allOf(
        [...value.entries()],
        ([name, slot]) => `${JSON.stringify(name)}:${this.write(force(slot))}`,
      );
      return `{${members.join(',')}}`;
    }
    if (value instanceof Lambda || value instanceof BuiltinFunction) throw noJson(this.#site);
    const text = toText(value, this.#site, 'JSON');
    this.#contexts.add(contextOf(text));
    return JSON.stringify(textOf(text));
  }
}
