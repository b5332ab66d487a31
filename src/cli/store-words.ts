import { type Diagnostic, DiagnosticError, didYouMean } from '../diagnostics/index.ts';
import { type StorePath, baseNameOfStorePath, nameOfStorePath, storeFolder } from '../foundation/index.ts';
import { type ClosureGraph, type Store, type StorePlace, packageNameOf } from '../workspace/index.ts';
import { storePathOf } from './store-path-of.ts';

/** How the help of every command that looks into the store says what its words are. */
export const storeWordsHelp = `A PATH is a link such as ./result, a path in the store's folder, a path as builds see it (/cab/store/…), an entry's name,
the beginning of its hash (four characters or more), or its name, with or without version, where only one is called so.`;

/** How many paths a diagnostic names. */
const shownLimit = 8;

/** What of the store a word of the command line means. @throws DiagnosticError CAB5004 where nothing is, CAB5030 where several are. */
export function storePlaceOf(store: Store, folder: string, word: string): StorePlace {
  const known = storePathOf(store, folder, word);
  if (known !== undefined) return known;
  const [name = '', ...inner] = entryWord(word).split('/');
  const output = onlyOne(word, candidates(store.named, name));
  if (output === undefined || !store.use([output]).has(output)) throw notInStore(store, word, name);
  return { output, inner: `/${inner.join('/')}` };
}

/** The output of a closure that a word means, which may be ambiguous elsewhere; undefined where it means others of the store. */
export function outputInClosure(
  store: Store,
  folder: string,
  word: string,
  graph: ClosureGraph,
): StorePath | undefined {
  const known = storePathOf(store, folder, word)?.output;
  if (known !== undefined) return graph.records.has(known) ? known : undefined;
  const [name = ''] = entryWord(word).split('/');
  const output = onlyOne(word, candidates(namesWithin(graph), name));
  if (output === undefined && candidates(store.named, name).length === 0) throw notInStore(store, word, name);
  return output;
}

function namesWithin(graph: ClosureGraph): Named {
  const paths = [...graph.records.keys()];
  return {
    withHashPart: (beginning) => paths.filter((path) => baseNameOfStorePath(path).startsWith(beginning)),
    withName: (name) => paths.filter((path) => nameOfStorePath(path) === name),
    withPackageName: (name) => paths.filter((path) => packageNameOf(path).name === name),
  };
}

/** @throws DiagnosticError CAB5030 where there are several. */
function onlyOne(word: string, paths: readonly StorePath[]): StorePath | undefined {
  if (paths.length > 1) throw ambiguous(word, paths);
  return paths[0];
}

/** The output that a word means; something in it stands for it. */
export function outputOfWord(store: Store, folder: string, word: string): StorePath {
  return storePlaceOf(store, folder, word).output;
}

/** The outputs that words mean. @throws DiagnosticError with what is wrong with each of them. */
export function outputsOfWords(store: Store, folder: string, words: readonly string[]): readonly StorePath[] {
  const outputs: StorePath[] = [];
  const faults: Diagnostic[] = [];
  for (const word of words) {
    try {
      outputs.push(outputOfWord(store, folder, word));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      faults.push(...error.diagnostics);
    }
  }
  if (faults.length > 0) throw new DiagnosticError(faults);
  return outputs;
}

/** The word without what may stand before an entry's name: the store's folder, or the sign of a Cab hash. */
function entryWord(word: string): string {
  if (word.startsWith(`${storeFolder}/`)) return word.slice(storeFolder.length + 1);
  return word.startsWith('cab:') ? word.slice('cab:'.length) : word;
}

type Named = Pick<Store['named'], 'withHashPart' | 'withName' | 'withPackageName'>;

function candidates(named: Named, name: string): readonly StorePath[] {
  const limit = shownLimit + 1;
  const exact = [...(isHash(name) ? named.withHashPart(name, limit) : []), ...named.withName(name, limit)];
  return exact.length > 0 ? [...new Set(exact)] : named.withPackageName(name, limit);
}

/** Whether it is the beginning of a hash part, or that with something of the name. */
function isHash(name: string): boolean {
  return /^(?:[a-z2-7]{4,52}|[a-z2-7]{52}-.*)$/.test(name);
}

function ambiguous(word: string, paths: readonly StorePath[]): DiagnosticError {
  const shown = paths.slice(0, shownLimit).map(baseNameOfStorePath);
  return new DiagnosticError({
    code: 'CAB5030',
    severity: 'error',
    message: `'${word}' may mean several paths of the store`,
    notes: [[...shown, ...(paths.length > shownLimit ? ['…'] : [])].join('\n')],
    hint: 'write more of the hash',
  });
}

function notInStore(store: Store, word: string, name: string): DiagnosticError {
  const [gone] = isHash(name) ? store.named.goneWithHashPart(name, 1) : [];
  if (gone !== undefined) return collected(word);
  return new DiagnosticError({
    code: 'CAB5004',
    severity: 'error',
    message: `the store has no '${word}'`,
    hint: hintFor(store, name) ?? 'name a result link, or a path that cab build --print-path gave',
  });
}

function collected(word: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5004',
    severity: 'error',
    message: `the store has '${word}' no more: it was collected`,
    hint: 'what it was built from is known, so a build brings it back',
  });
}

function hintFor(store: Store, name: string): string | undefined {
  const plain = /^[a-z2-7]{52}-(.+)$/.exec(name)?.[1];
  const [namesake] = plain === undefined ? [] : store.named.withName(plain, 1);
  if (namesake !== undefined) return `of that name it has '${baseNameOfStorePath(namesake)}'`;
  const names = store.named.names();
  return didYouMean(plain ?? name, [...names, ...names.map((each) => each.replace(/-\d.*$/, ''))]);
}
