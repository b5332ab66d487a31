import { type OutputRecord, type Store } from '../../workspace/index.ts';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { type StorePath, baseNameOfStorePath, hashPartOfStorePath } from '../../foundation/index.ts';
import type { Command } from '../command.ts';
import { flag, jsonOption, openWorkspace } from '../options.ts';
import { storePathOf } from '../store-path-of.ts';

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
  return storePathOf(store, folder, word)?.output ?? raise(notInStore(word));
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
