import { lstatSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { type Root, type Store, claimsInLock, lockFileName } from '../../workspace/index.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { UsageError, flag, jsonOption, openWorkspace } from '../options.ts';
import { storePathOf } from '../store-path-of.ts';

/** `cab store roots`. */
export const storeRoots: Command = {
  name: 'store roots',
  usage: '[add PATH… | remove PATH…]',
  summary: 'show what keeps outputs from being collected, or change that',
  description: `
cab build registers the links that it makes and the lock files that it uses. A link keeps the output that it leads
to, a lock what it pins, as far as it is in the store; an output that was added by its path is kept until it is
removed from here. With each output, all that it refers to is kept.

  cab store roots                          each root, and how many outputs it names
  cab store roots add ./result             keep what a link leads to, as long as it does
  cab store roots add other/cab.lock       keep what a lock pins
  cab store roots add /cab/store/…-hello   keep an output
  cab store roots remove ./result          let go of it; the link itself stays`,
  options: { json: jsonOption },
  async run(context, values, words) {
    const [verb, ...places] = words;
    if (verb !== undefined && verb !== 'add' && verb !== 'remove') {
      throw new UsageError(`cab store roots takes 'add' or 'remove', and not '${verb}'`);
    }
    if (verb !== undefined && places.length === 0) {
      throw new UsageError(`cab store roots ${verb} names no path`, `write cab store roots ${verb} ./result`);
    }
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      if (verb === undefined) list(context, values, store);
      else if (verb === 'add') store.addRoots(places.map((place) => rootAt(store, context.folder, place)));
      else for (const place of places) remove(store, context.folder, place);
    } finally {
      await workspace.close();
    }
  },
};

function list(context: CommandContext, values: OptionValues, store: Store): void {
  const roots = store.roots(claimsInLock);
  if (flag(values, 'json')) {
    context.print(`${JSON.stringify(roots, undefined, 2)}\n`);
    return;
  }
  for (const { kind, path: place, state, keeps, reason } of roots) {
    const kept = keeps.length === 1 ? keeps[0] : `${keeps.length} outputs`;
    const what = { good: kept, gone: 'gone', unreadable: `unreadable: ${reason}` }[state];
    context.print(`${kind.padEnd(6)}  ${place}${what === place ? '' : `  ${what}`}\n`);
  }
}

/** What a word of the command line stands for: a link into the store, a lock file, or an output. */
function rootAt(store: Store, folder: string, word: string): Root {
  const place = path.resolve(folder, word);
  const status = lstatSync(place, { throwIfNoEntry: false });
  if (status?.isFile() === true && path.basename(place) === lockFileName)
    return { kind: 'lock', path: place };
  const found = storePathOf(store, folder, word);
  if (found === undefined || !store.use([found.output]).has(found.output)) throw noRoot(word);
  if (status?.isSymbolicLink() === true) return { kind: 'link', path: place };
  return { kind: 'output', path: found.output };
}

function remove(store: Store, folder: string, word: string): void {
  const place = path.resolve(folder, word);
  const output = storePathOf(store, folder, word)?.output;
  if (store.removeRoot(place) || store.removeRoot(word)) return;
  if (output !== undefined && store.removeRoot(output)) return;
  throw new DiagnosticError({
    code: 'CAB5025',
    severity: 'error',
    message: `'${word}' is not registered as a root`,
    hint: 'cab store roots lists those that are',
  });
}

function noRoot(word: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5025',
    severity: 'error',
    message: `'${word}' cannot be a root: it is no link into the store, no ${lockFileName}, and no output`,
    hint: 'name a result link, a lock file, or a path that cab build --print-path gave',
  });
}
