import path from 'node:path';
import { refuseTerminal, standardOutput, writeBytes } from '../byte-output.ts';
import type { Command } from '../command.ts';
import { UsageError, openWorkspace, text } from '../options.ts';
import { outputOfWord, storeWordsHelp } from '../store-words.ts';

/** The levels of zstd whose window every reader of archives makes room for. */
const highestLevel = 19;

/** `cab store export`. */
export const storeExport: Command = {
  name: 'store export',
  usage: 'PATH…',
  summary: 'write outputs, and all that they refer to, as one archive',
  description: `
The archive goes to the standard output, or to the file that --output names; without a PATH it is that of ./result.
It holds content by its hash, and no claims. The same outputs give the same bytes.

${storeWordsHelp}

  cab store export --output tool.cabs ./result
  cab store export ./result | ssh host cab store import`,
  options: {
    output: { type: 'string', placeholder: 'FILE', description: 'write to a file' },
    level: {
      type: 'string',
      placeholder: 'LEVEL',
      description: `how hard zstd tries, from 1 to ${highestLevel}; 3 unless said otherwise`,
    },
  },
  async run(context, values, words) {
    const output = text(values, 'output');
    const target = output === undefined ? standardOutput : path.resolve(context.folder, output);
    const level = levelOf(text(values, 'level'));
    refuseTerminal(target, 'name a file with --output, or send it on with |');
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const named = words.length === 0 ? ['result'] : words;
      const paths = named.map((word) => outputOfWord(store, context.folder, word));
      await context.interruptible(() => writeBytes(context, store.exportArchive(paths, level), target));
    } finally {
      await workspace.close();
    }
  },
};

function levelOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const level = /^[0-9]{1,2}$/.test(word) ? Number(word) : 0;
  if (level >= 1 && level <= highestLevel) return level;
  throw new UsageError(`--level is a number from 1 to ${highestLevel}, and not '${word}'`);
}
