import { type OutputRecord, type Store } from '../../workspace/index.ts';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../../diagnostics/index.ts';
import {
  type StorePath,
  baseNameOfStorePath,
  hashPartOfStorePath,
  parseStorePath,
  storeFolder,
} from '../../foundation/index.ts';
import type { Command } from '../command.ts';
import { flag, jsonOption, openWorkspace } from '../options.ts';

/** `cab store path-info`. */
export const storePathInfo: Command = {
  name: 'store path-info',
  usage: 'PATH…',
  summary: 'show hash, size and references of what is in the store',
  description: `
Takes a link such as ./result, a path in the store's folder, a path as builds see it (/cab/store/…), or the name of
an entry of it. Sizes are in bytes, of the files' content.`,
  options: { closure: { type: 'boolean', description: 'also all that it refers to' }, json: jsonOption },
  async run(context, values, words) {
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const named = (words.length === 0 ? ['result'] : words).map((word) =>
        findPath(store, context.folder, word),
      );
      const paths = flag(values, 'closure') ? store.closure(named) : named;
      const records = paths.map((each) => store.get(each) ?? raise(notInStore(each)));
      if (flag(values, 'json')) context.print(`${JSON.stringify(records.map(toJson), undefined, 2)}\n`);
      else for (const record of records) context.print(toText(record));
    } finally {
      await workspace.close();
    }
  },
};

function findPath(store: Store, folder: string, word: string): StorePath {
  const direct = parseStorePath(word) ?? parseStorePath(`${storeFolder}/${word}`);
  if (direct !== undefined && store.has(direct)) return direct;
  let real: string;
  try {
    real = realpathSync(path.resolve(folder, word));
  } catch {
    throw notInStore(word);
  }
  const relative = path.relative(realpathSync(store.folder), real).split(path.sep);
  const found = relative[0] === 'store' ? parseStorePath(`${storeFolder}/${relative[1] ?? ''}`) : undefined;
  if (found === undefined || !store.has(found)) throw notInStore(word);
  return found;
}

function toJson(record: OutputRecord): object {
  const { path: storePath, size, references } = record;
  return {
    path: storePath,
    hash: `cab:${hashPartOfStorePath(storePath)}`,
    tree: record.tree,
    size,
    references,
  };
}

function toText(record: OutputRecord): string {
  const references = record.references.map((each) => `  ${baseNameOfStorePath(each)}\n`).join('');
  return `${record.path}
hash        cab:${hashPartOfStorePath(record.path)}
size        ${record.size}
references  ${record.references.length}\n${references}`;
}

function notInStore(what: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5004',
    severity: 'error',
    message: `the store has no '${what}'`,
    hint: 'name a result link, or a path that cab build --print-path gave',
  });
}

function raise(error: Error): never {
  throw error;
}
