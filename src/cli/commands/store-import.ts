import path from 'node:path';
import type { ArchivedOutput, Store } from '../../workspace/index.ts';
import { readBytes } from '../byte-input.ts';
import type { Command } from '../command.ts';
import { openWorkspace, text } from '../options.ts';
import { linkResult } from '../result-link.ts';

/** `cab store import`. */
export const storeImport: Command = {
  name: 'store import',
  usage: '[FILE]',
  summary: 'take in an archive of outputs, and verify all of it',
  description: `
Reads what cab store export has written, from a file or from the standard input, and prints the paths of all outputs
in it. Nothing of it is believed: every hash is computed again, and what outputs refer to is found again. Outputs are
recorded when the whole archive is there. What the store has already is not written again.

An output that nothing refers to may be collected: --out-link keeps what the archive was made for.

  cab store import tool.cabs --out-link tool`,
  wordsLimit: 1,
  options: {
    'out-link': {
      type: 'string',
      placeholder: 'NAME',
      description: 'make a link to the output that was exported; NAME-1 to the second one',
    },
  },
  async run(context, values, [file]) {
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const outputs = await context.interruptible(() => store.importArchive(readBytes(context, file)));
      linkAsked(store, context.folder, text(values, 'out-link'), outputs);
      for (const output of outputs) context.print(`${output.path}\n`);
    } finally {
      await workspace.close();
    }
  },
};

/** Links what the archive was made for, which keeps it. */
function linkAsked(
  store: Store,
  folder: string,
  name: string | undefined,
  outputs: readonly ArchivedOutput[],
): void {
  if (name === undefined) return;
  const asked = outputs.filter((output) => output.asked);
  const links = asked.map((output, index) => {
    const link = path.resolve(folder, index === 0 ? name : `${name}-${index}`);
    linkResult(link, store.materialise(output.path));
    return link;
  });
  store.addRoots(links.map((link) => ({ kind: 'link', path: link })));
}
