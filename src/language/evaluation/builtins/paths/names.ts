import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { contextOf, isString, textOf, withContext } from '../../context.ts';
import { mismatch } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { displayPath, folderOf, placeOf } from '../../paths.ts';
import { force } from '../../thunk.ts';
import { PathValue, type Slot, type Value } from '../../value.ts';

const group = 'paths';

/** Parts of paths as text. Nothing is read, and a path need not exist. */
export const pathNameBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'baseName',
    group,
    signature: 'path | string -> string',
    description: 'What stands behind the last slash.',
    example: { expression: 'baseName "source/main.c"', result: '"main.c"' },
    forces: [0],
    run: (site, value) => named(value, site, 'baseName', baseNameOf),
  }),
  defineBuiltin({
    name: 'directoryName',
    group,
    signature: 'path -> path | string -> string',
    description:
      'What stands before the last slash: of a path the path of its directory, of a string a string.',
    example: {
      expression: 'map directoryName [ "source/main.c", "main.c", "/a", ]',
      result: '[ "source", ".", "/", ]',
    },
    forces: [0],
    run: (site, value) => {
      const given = force(value);
      if (!(given instanceof PathValue)) return named(given, site, 'directoryName', directoryNameOf);
      return new PathValue(given.root, folderOf(given).path);
    },
  }),
  defineBuiltin({
    name: 'fileExtension',
    group,
    signature: 'path | string -> string',
    description:
      'What stands behind the last dot of the base name; empty where there is none but at its beginning.',
    example: {
      expression: 'map fileExtension [ "a/b.tar.gz", "Makefile", ".profile", ]',
      result: '[ "gz", "", "", ]',
    },
    forces: [0],
    run: (site, value) =>
      named(value, site, 'fileExtension', (text) => {
        const name = baseNameOf(text);
        return name.slice(extensionStart(name) + 1);
      }),
  }),
  defineBuiltin({
    name: 'fileStem',
    group,
    signature: 'path | string -> string',
    description: 'The base name without its extension and the dot before that.',
    example: { expression: 'fileStem "a/b.tar.gz"', result: '"b.tar"' },
    forces: [0],
    run: (site, value) =>
      named(value, site, 'fileStem', (text) => {
        const name = baseNameOf(text);
        return name.slice(0, extensionStart(name));
      }),
  }),
  defineBuiltin({
    name: 'relativePath',
    group,
    signature: 'path -> path -> string',
    description: 'How to come from the first path, a directory, to the second, in the same tree.',
    example: { expression: 'relativePath ./source ./source/a/b.c', result: '"a/b.c"' },
    furtherExamples: [{ expression: 'relativePath ./source/a ./tests', result: '"../../tests"' }],
    forces: [0, 1],
    run: (site, from, to) => {
      const start = placeOf(force(from), site, "the first path of 'relativePath'");
      const end = placeOf(force(to), site, "the second path of 'relativePath'");
      if (start.root.key === end.root.key) return relative(segmentsOf(start), segmentsOf(end));
      throw fault(site.span, 'CAB2022', "the two paths of 'relativePath' lie in different trees", {
        notes: [`they are ${displayPath(start)} and ${displayPath(end)}`],
      });
    },
  }),
];

/** A part of the text of a path or string, with the context that it has. */
function named(slot: Slot, site: Site, name: string, part: (text: string) => string): Value {
  const value = force(slot);
  if (value instanceof PathValue) return part(value.path);
  if (isString(value)) return withContext(part(textOf(value)), contextOf(value));
  throw mismatch(value, site, `the argument of '${name}'`, 'a path or a string');
}

function baseNameOf(text: string): string {
  const trimmed = withoutSlashes(text);
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function directoryNameOf(text: string): string {
  const trimmed = withoutSlashes(text);
  const slash = trimmed.lastIndexOf('/');
  if (slash < 0) return text.startsWith('/') ? '/' : '.';
  return withoutSlashes(trimmed.slice(0, slash)) || '/';
}

/** A loop, since `/\/+$/` takes quadratic time for many slashes that do not end the text. */
function withoutSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end--;
  return text.slice(0, end);
}

/** Where the dot before the extension is, or the end of the name. */
function extensionStart(name: string): number {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? dot : name.length;
}

function segmentsOf({ path }: PathValue): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function relative(from: readonly string[], to: readonly string[]): string {
  let common = 0;
  while (common < from.length && from[common] === to[common]) common++;
  const steps = [...from.slice(common).map(() => '..'), ...to.slice(common)];
  return steps.length === 0 ? '.' : steps.join('/');
}
