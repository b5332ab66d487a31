import { notAFile, printBlobs } from '../browsing.ts';
import type { Command } from '../command.ts';
import { UsageError, openWorkspace } from '../options.ts';
import { openStoredPlace } from '../store-browsing.ts';
import { storeWordsHelp } from '../store-words.ts';

/** `cab store cat`. */
export const storeCat: Command = {
  name: 'store cat',
  usage: 'PATH[/INNER]…',
  summary: 'print files of the store',
  description: `
Writes the bytes of each file to the standard output, whether or not it is on disk as a tree. Symbolic links are followed as a
build would see them, also from one output into another.
${storeWordsHelp}

  cab store cat result/bin/tool
  cab store cat greeting`,
  options: {},
  async run(context, values, words) {
    if (words.length === 0) throw new UsageError('cab store cat needs a file', 'such as result/bin/tool');
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const digests = words.map((word) => {
        const { tree, place } = openStoredPlace(store, context.folder, word);
        if (place.node.kind === 'file') return tree.content(place).digest;
        throw notAFile(word, place.node.kind, `cab store ls '${word}' shows what is in it`);
      });
      printBlobs(context, store, digests);
    } finally {
      await workspace.close();
    }
  },
};
