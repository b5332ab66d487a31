import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { withContext } from '../../context.ts';
import { anyTextOf, attributesOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { JsonError, parseJson } from '../../json-text.ts';
import { force } from '../../thunk.ts';
import { parseToml } from '../../toml.ts';
import type { Value } from '../../value.ts';
import { parseYaml } from '../../yaml.ts';
import { type Plain, plainOf } from './plain.ts';
import { JsonWriter } from './write-json.ts';
import { writeToml } from './write-toml.ts';
import { writeYaml } from './write-yaml.ts';

const group = 'conversion';

/** Values from and to the formats that programs keep data in. */
export const formatBuiltins: readonly BuiltinDefinition[] = [
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
    forces: [0],
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
    details:
      'A number with a fraction or an exponent is a float, any other an integer, exact however large. Where an object has a name twice the last counts.',
    example: { expression: 'fromJson "[1, 2.5, null]"', result: '[ 1, 2.5, null, ]' },
    forces: [0],
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
    details: 'So do `inf` and `nan`, which no float of the language can be.',
    example: {
      expression: 'fromToml "[package]\\nname = \'cab\'"',
      result: '{ package = { name = "cab", }, }',
    },
    forces: [0],
    run: (site, text) => {
      const source = anyTextOf(force(text), site, "the argument of 'fromToml'");
      const result = parseToml(source);
      if (result.kind === 'value') return result.value;
      throw notOfFormat('TOML', result.reason, source, offsetOf(source, result), site);
    },
  }),
  defineBuiltin({
    name: 'toToml',
    group,
    signature: '{ any } -> string',
    description: 'The attributes as TOML, names in order; paths, islands and derivations as in a text.',
    details: 'TOML has no null, and integers of 64 bits only.',
    example: {
      expression: 'toToml { package = { name = "cab", }, }',
      result: '"[package]\\nname = \\"cab\\"\\n"',
    },
    forces: [0],
    run: (site, value) => {
      const attributes = attributesOf(force(value), site, "the argument of 'toToml'");
      const { plain, context } = plainOf(attributes, site, 'TOML');
      return withContext(writeToml(plain as ReadonlyMap<string, Plain>, site), context);
    },
  }),
  defineBuiltin({
    name: 'fromYaml',
    group,
    signature: 'string -> any',
    description: 'The value that a YAML text describes, which holds one document at most; null if none.',
    details:
      'It is read as YAML 1.2 by the core schema: `no` and `on` are strings, as dates are; `<<` is a name like any other; other tags than `!!str` and its like are errors. An anchor and its aliases are one value, and all aliases together may stand for a million. A name comes once. `.inf` and `.nan` become strings.',
    example: {
      expression: 'fromYaml "name: cab\\nsizes: [1, 2.5]"',
      result: '{ name = "cab", sizes = [ 1, 2.5, ], }',
    },
    forces: [0],
    run: (site, text) => {
      const values = documentsOf(anyTextOf(force(text), site, "the argument of 'fromYaml'"), site);
      if (values.length < 2) return values[0] ?? null;
      throw fault(site.span, 'CAB2017', `the text holds ${values.length} documents of YAML`, {
        hint: 'fromYamlDocuments gives a list of all',
      });
    },
  }),
  defineBuiltin({
    name: 'fromYamlDocuments',
    group,
    signature: 'string -> [any]',
    description: 'The values of all documents that a YAML text holds.',
    example: {
      expression: 'fromYamlDocuments "a: 1\\n---\\nb: 2\\n"',
      result: '[ { a = 1, }, { b = 2, }, ]',
    },
    forces: [0],
    run: (site, text) =>
      documentsOf(anyTextOf(force(text), site, "the argument of 'fromYamlDocuments'"), site),
  }),
  defineBuiltin({
    name: 'toYaml',
    group,
    signature: 'any -> string',
    description: 'The value as YAML in lines, names in order; paths, islands and derivations as in a text.',
    example: {
      expression: 'toYaml { name = "cab", sizes = [ 1, 2.5, ], }',
      result: '"name: cab\\nsizes:\\n  - 1\\n  - 2.5\\n"',
    },
    forces: [0],
    run: (site, value) => {
      const { plain, context } = plainOf(force(value), site, 'YAML');
      return withContext(writeYaml(plain), context);
    },
  }),
];

function documentsOf(text: string, site: Site): readonly Value[] {
  const result = parseYaml(text);
  if (result.kind === 'values') return result.values;
  throw notOfFormat('YAML', result.reason, text, result.offset, site, result.hint);
}

/** Where a line and a column, both from 1, lie in the text. */
function offsetOf(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function notOfFormat(
  format: string,
  reason: string,
  text: string,
  offset: number,
  site: Site,
  hint?: string,
): Error {
  const source = { name: `${format} text`, text };
  return fault(site.span, 'CAB2017', `the text is not ${format}: ${reason}`, {
    labels: [{ span: { source, start: offset, end: offset + 1 }, message: reason }],
    hint,
  });
}
