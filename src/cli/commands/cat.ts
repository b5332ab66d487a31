import { DiagnosticError } from '../../diagnostics/index.ts';
import { type BrowsedTree, type IslandPlace, type Place, parseIslandPlace } from '../../workspace/index.ts';
import { browsingOptions, displayOf, findPlace, withBrowsing, wordOf } from '../browsing.ts';
import type { Command, Option } from '../command.ts';
import { UsageError } from '../options.ts';

const { json: _json, ...options } = browsingOptions as typeof browsingOptions & { readonly json: Option };

/** `cab cat`. */
export const cat: Command = {
  name: 'cat',
  usage: '<ISLAND>/PATH…',
  summary: 'print files of islands',
  description: `
Writes the bytes of each file to the standard output. Of an island of git, only the files are fetched, and the
directories that they are in.

  cab cat '<github:cull-os/cab>/README.md'
  cab cat github:cull-os/cab/v1.0::/README.md`,
  options,
  async run(context, values, words) {
    if (words.length === 0) {
      throw new UsageError('cab cat needs a file', "such as '<github:cull-os/cab>/README.md'");
    }
    const places = words.map(parseIslandPlace);
    await withBrowsing(context, values, async (project, { store }) => {
      const files = await project.browse((opener) =>
        opener.all(places, (place) => {
          const tree = opener.root(project.rootOf(place.island));
          const found = findPlace(tree, place.path);
          if (found.node.kind !== 'file') throw notAFile(tree, place, found);
          return tree.content(found);
        }),
      );
      for (const { digest } of files) for (const chunk of store.blobs.chunks(digest)) context.print(chunk);
    });
  },
};

function notAFile(tree: BrowsedTree, { island, path }: IslandPlace, { node }: Place): DiagnosticError {
  const hint =
    node.kind === 'directory'
      ? `cab ls ${wordOf(island, path)} shows what is in it`
      : 'what is in a submodule is in another repository';
  return new DiagnosticError({
    code: 'CAB6102',
    severity: 'error',
    message: `'${displayOf(tree, path)}' is not a file, but a ${node.kind}`,
    hint,
  });
}
