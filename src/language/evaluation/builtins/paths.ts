import { compareCodePoints } from '../../../foundation/index.ts';
import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { contextOf, outputString, textOf } from '../context.ts';
import { decodeText } from '../decode.ts';
import { type Site, asking, fault } from '../fault.ts';
import { allOf } from '../fork.ts';
import { displayPath, placeOf, resolvePath } from '../paths.ts';
import { force } from '../thunk.ts';
import { ContextString, PathValue } from '../value.ts';

const group = 'paths';

export const pathBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'import',
    group,
    signature: 'path | island -> any',
    description: 'The value of a file, or of the default.cab of a folder or island.',
    example: {
      expression: '(import ./library.cab).double 4',
      result: '8',
      files: { './library.cab': '{ double = x => x * 2, }' },
    },
    run: (site, path) =>
      site.evaluation.importFile(placeOf(force(path), site, "the argument of 'import'"), site),
  }),
  defineBuiltin({
    name: 'readFile',
    group,
    signature: 'path -> string',
    description: 'The text of a file, which must be UTF-8.',
    example: {
      expression: '(fromToml (readFile ./Cargo.toml)).package.name',
      result: '"cab"',
      files: { './Cargo.toml': '[package]\nname = "cab"' },
    },
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
    example: {
      expression: 'readDirectory ./source',
      result: '{ `main.c` = "file", tests = "directory", }',
      files: { './source/main.c': '', './source/tests/all.c': '' },
    },
    run: (site, path) => {
      const place = placeOf(force(path), site, "the argument of 'readDirectory'");
      return Attributes.fromMap(asking(site, () => site.evaluation.world.readDirectory(place)));
    },
  }),
  defineBuiltin({
    name: 'readFileType',
    group,
    signature: 'path -> "file" | "directory" | "symlink"',
    description: 'What is at the path; an error if nothing is.',
    example: {
      expression: 'readFileType ./source',
      result: '"directory"',
      files: { './source/main.c': '' },
    },
    forces: [0],
    run: (site, path) => {
      const place = placeOf(force(path), site, "the argument of 'readFileType'");
      const kind = asking(site, () => site.evaluation.world.entryKind(place));
      if (kind !== undefined) return kind;
      throw fault(site.span, 'CAB2016', `there is nothing at ${displayPath(place)}`, {
        hint: 'pathExists says whether there is something',
      });
    },
  }),
  defineBuiltin({
    name: 'listFiles',
    group,
    signature: 'path -> [path]',
    description: 'All that is in a directory and those within it but the directories themselves, in order.',
    example: {
      expression: 'filter (file => fileExtension file == "c") (listFiles ./source)',
      result: '[ ./source/main.c, ./source/tests/all.c, ]',
      files: { './source/main.c': '', './source/read.me': '', './source/tests/all.c': '' },
    },
    forces: [0],
    run: (site, path) => listFiles(placeOf(force(path), site, "the argument of 'listFiles'"), site),
  }),
  defineBuiltin({
    name: 'pathExists',
    group,
    signature: 'path -> boolean',
    description: 'Whether there is a file, directory or symbolic link at the path.',
    example: {
      expression: 'map pathExists [ ./package.json, ./Cargo.toml, ]',
      result: '[ true, false, ]',
      files: { './package.json': '{}' },
    },
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
    example: { expression: 'toPath <github:cull-os/cab>', result: '<github:cull-os/cab>' },
    details:
      'To read in what a derivation makes is to build it: `readFile (toPath "\\(generated)/version")`.',
    run: (site, value) => {
      const given = force(value);
      return given instanceof ContextString
        ? pathInOutput(given, site)
        : placeOf(given, site, "the argument of 'toPath'");
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

/** Symbolic links are listed and not followed: they may lead around in a circle. */
function listFiles(folder: PathValue, site: Site): readonly PathValue[] {
  const entries = asking(site, () => site.evaluation.world.readDirectory(folder));
  const names = [...entries.keys()].toSorted(compareCodePoints);
  return allOf(names, (name) => {
    const inside = new PathValue(folder.root, folder.path === '/' ? `/${name}` : `${folder.path}/${name}`);
    return entries.get(name) === 'directory' ? listFiles(inside, site) : [inside];
  }).flat(1);
}
