import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { contextOf, isString, outputString, textOf } from '../context.ts';
import { decodeText } from '../decode.ts';
import { mismatch } from '../expect.ts';
import { type Site, asking, fault } from '../fault.ts';
import { displayPath, placeOf, resolvePath } from '../paths.ts';
import { force } from '../thunk.ts';
import { ContextString, PathValue, type Value } from '../value.ts';

const group = 'paths';

export const pathBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'import',
    group,
    signature: 'path | island -> any',
    description: 'The value of a file, or of the default.cab of a folder or island.',
    example: { expression: 'import ./library.cab' },
    run: (site, path) =>
      site.evaluation.importFile(placeOf(force(path), site, "the argument of 'import'"), site),
  }),
  defineBuiltin({
    name: 'readFile',
    group,
    signature: 'path -> string',
    description: 'The text of a file, which must be UTF-8.',
    example: { expression: 'fromToml (readFile ./Cargo.toml)' },
    run: (site, path) => {
      const place = placeOf(force(path), site, "the argument of 'readFile'");
      return asking(site, () => decodeText(site.evaluation.world.readFile(place), displayPath(place)));
    },
  }),
  defineBuiltin({
    name: 'readDirectory',
    group,
    signature: 'path -> { "file" | "directory" | "symlink" }',
    description: 'The entries of a directory, each with what it is.',
    example: { expression: 'attributeNames (readDirectory ./source)' },
    run: (site, path) => {
      const place = placeOf(force(path), site, "the argument of 'readDirectory'");
      return Attributes.fromMap(asking(site, () => site.evaluation.world.readDirectory(place)));
    },
  }),
  defineBuiltin({
    name: 'pathExists',
    group,
    signature: 'path -> boolean',
    description: 'Whether there is a file, directory or symbolic link at the path.',
    example: { expression: 'pathExists ./package-lock.json' },
    run: (site, path) => {
      const place = placeOf(force(path), site, "the argument of 'pathExists'");
      return asking(site, () => site.evaluation.world.entryKind(place)) !== undefined;
    },
  }),
  defineBuiltin({
    name: 'toPath',
    group,
    signature: 'path | island | derivation | string -> path',
    description:
      'The root of an island or output as a path, or the path that a string names in the output of a derivation.',
    example: { expression: 'readFile (toPath "\\(generated)/version")' },
    run: (site, value) => {
      const given = force(value);
      return given instanceof ContextString
        ? pathInOutput(given, site)
        : placeOf(given, site, "the argument of 'toPath'");
    },
  }),
  defineBuiltin({
    name: 'baseName',
    group,
    signature: 'path | string -> string',
    description: 'What stands behind the last slash.',
    example: { expression: 'baseName "source/main.c"', result: '"main.c"' },
    run: (site, value) => {
      const text = textWithSlashes(force(value), site, 'baseName').replace(/\/+$/, '');
      return text.slice(text.lastIndexOf('/') + 1);
    },
  }),
];

function pathInOutput(string: ContextString, site: Site): PathValue {
  const text = textOf(string);
  for (const element of contextOf(string).values()) {
    if (element.kind !== 'output') continue;
    const { text: output } = outputString(element.derivation, element.output);
    if (text !== output && !text.startsWith(`${output}/`)) continue;
    const root = asking(site, () => site.evaluation.world.outputRoot(element.derivation, element.output));
    return resolvePath({ root, path: '/' }, text.slice(output.length), site);
  }
  throw fault(site.span, 'CAB2016', 'the string does not begin with the output of a derivation', {
    hint: 'a path of the tree that the file lies in is written without quotes: ./folder/file',
  });
}

function textWithSlashes(value: Value, site: Site, name: string): string {
  if (value instanceof PathValue) return value.path;
  if (isString(value)) return textOf(value);
  throw mismatch(value, site, `the argument of '${name}'`, 'a path or a string');
}
