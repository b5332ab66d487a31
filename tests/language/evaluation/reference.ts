import { format } from 'prettier';
import type { BuiltinDefinition, BuiltinGroup, Example } from '../../../src/language/evaluation/index.ts';

/** The groups in the order of the page, each with what it is about. */
const groups: Readonly<Record<BuiltinGroup, string>> = {
  paths: 'Files and directories of the tree at hand, of islands and of the outputs of derivations.',
  derivations: 'Builds described.',
  lists: 'Indices begin at 0.',
  attributes: 'Names are strings and come in the order of their code points.',
  strings:
    'Strings are counted and cut by code points. What a string mentions, its context, stays with its pieces.',
  conversion: 'Values from texts and texts from values.',
  hashing: 'Hashes of texts and files.',
  versions: 'Versions as most projects write them.',
  types: 'What a value is.',
  functions: 'Functions made of functions, and values that need themselves.',
  control: 'When something is evaluated, and what is said of it.',
  context: 'What a string depends on.',
  numbers: 'Integers have any size. A float is an IEEE double and always finite.',
};

/** The reference page: an index, then each builtin with all that is said about it beside its implementation. */
export async function renderReference(definitions: readonly BuiltinDefinition[]): Promise<string> {
  const names = Object.keys(groups) as BuiltinGroup[];
  const members = names.map((group) => definitions.filter((definition) => definition.group === group));
  const lines = [
    '# Builtins',
    '<!-- Generated from src/language/evaluation/builtins by `npm run goldens`. -->',
    'The functions that every file sees, by name and as attributes of `builtins`. Besides them there are `true`, `false` and `null`.',
    'Each takes its arguments one by one, and last what it works on, so that calls can be chained: `list |> filter f |> map g`. An argument is evaluated only as far as it is needed. Who knows Nix finds its names in [Coming from Nix](coming-from-nix.md).',
    ...names.map((group, index) => indexLine(group, members[index] ?? [])),
    ...names.flatMap((group, index) => [
      `## ${titleOf(group)}`,
      groups[group],
      ...(members[index] ?? []).flatMap(renderBuiltin),
    ]),
  ];
  return format(lines.join('\n\n'), { parser: 'markdown', printWidth: 120 });
}

function indexLine(group: BuiltinGroup, definitions: readonly BuiltinDefinition[]): string {
  const links = definitions.map(({ name }) => `[${name}](#${name.toLowerCase()})`);
  return `**${titleOf(group)}**: ${links.join(' · ')}`;
}

function renderBuiltin({
  name,
  signature,
  description,
  details,
  example,
  furtherExamples = [],
}: BuiltinDefinition): readonly string[] {
  return [
    `### ${name}`,
    `\`${name} : ${signature}\``,
    [description, ...(details === undefined ? [] : [details])].join(' '),
    ['```cab', [example, ...furtherExamples].map(renderExample).join('\n\n'), '```'].join('\n'),
  ];
}

function renderExample({ expression, result, files = {} }: Example): string {
  const given = Object.entries(files).map(([file, content]) =>
    content === '' ? `# there is ${file}` : `# ${file} is: ${content.replaceAll('\n', '\n#   ')}`,
  );
  return [...given, expression, `# ${result.replaceAll('\n', '\n# ')}`].join('\n');
}

function titleOf(group: string): string {
  return group.charAt(0).toUpperCase() + group.slice(1);
}
