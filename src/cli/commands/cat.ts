import { parseIslandPlace } from '../../workspace/index.ts';
import {
  browsingOptions,
  displayOf,
  findPlace,
  notAFile,
  printBlobs,
  withBrowsing,
  wordOf,
} from '../browsing.ts';
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
          if (found.node.kind === 'file') return tree.content(found);
          const hint = `cab ls ${wordOf(place.island, place.path)} shows what is in it`;
          throw notAFile(displayOf(tree, place.path), found.node.kind, hint);
        }),
      );
      const digests = files.map(({ digest }) => digest);
      printBlobs(context, store, digests);
    });
  },
};
