import path from 'node:path';
import { hashPartOfStorePath, isStoreName, toStoreName } from '../../foundation/index.ts';
import type { Command, OptionValues } from '../command.ts';
import { UsageError, flag, jsonOption, openWorkspace, text } from '../options.ts';

/** `cab store add`. */
export const storeAdd: Command = {
  name: 'store add',
  usage: 'PATH',
  summary: 'take a folder or file of this machine into the store',
  description: `
Takes it in as a path island does: without what git ignores, or, outside of a git work tree, without what .cabignore
files name, and without .git and links to results. What git tracks and what nobody ignores comes in, untracked files
too. With --all everything comes in.

Prints the path as builds see it. A second time looks at no more than the files' status, and takes in what changed.

  cab store add ./source                      take it in, and print its path
  cab store add --print-path ./source         put it on disk, too, and print where it lies there
  cab store path-info $(cab store add ./x)    show its hash and its size`,
  wordsLimit: 1,
  options: {
    name: {
      type: 'string',
      placeholder: 'NAME',
      description: 'the name behind the hash, in the place of that of the file',
    },
    all: { type: 'boolean', description: 'leave nothing out, be it ignored or not' },
    'print-path': { type: 'boolean', description: 'put it on disk, and print where it lies' },
    json: jsonOption,
  },
  async run(context, values, words) {
    const [word] = words;
    if (word === undefined) throw new UsageError('cab store add takes the path of a folder or file');
    const place = path.resolve(context.folder, word);
    const name = nameOf(values, place);
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const added = store.addLocal(place, name, { everything: flag(values, 'all') });
      const shown = flag(values, 'print-path') ? store.materialise(added) : added;
      const hash = `cab:${hashPartOfStorePath(added)}`;
      const result = { path: shown, hash, size: store.get(added)?.size };
      context.print(`${flag(values, 'json') ? JSON.stringify(result, undefined, 2) : shown}\n`);
    } finally {
      await workspace.close();
    }
  },
};

function nameOf(values: OptionValues, place: string): string {
  const name = text(values, 'name');
  if (name === undefined) return toStoreName(path.basename(place));
  if (isStoreName(name)) return name;
  throw new UsageError(
    `'${name}' cannot be the name of a store path`,
    'take at most 180 letters, digits and + _ ? = . -, beginning with none of . and -',
  );
}
