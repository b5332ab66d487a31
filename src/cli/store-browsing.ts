import { DiagnosticError, didYouMean } from '../diagnostics/index.ts';
import { unreachable } from '../foundation/index.ts';
import {
  type BrowsedTree,
  type Compared,
  type Store,
  type StorePlace,
  followLinks,
  openOutput,
} from '../workspace/index.ts';
import { storePlaceOf } from './store-words.ts';

/** A place in the store at the end of all links, with the output that it is in. */
export interface StoredPlace extends Compared {
  readonly location: StorePlace;
}

/**
 * Opens what a word of the command line names.
 *
 * @throws DiagnosticError CAB6101 where nothing is there, CAB6103 where a link leads out of the store.
 */
export function openStoredPlace(store: Store, folder: string, word: string): StoredPlace {
  const named = storePlaceOf(store, folder, word);
  const followed = followLinks(store, named);
  switch (followed.outcome) {
    case 'found': {
      const tree = openOutput(store, followed.output, word);
      const place = tree.find(followed.inner);
      if (place === undefined) throw new Error(`'${word}' is there, and was not found`);
      return { tree, place, location: { output: followed.output, inner: followed.inner } };
    }
    case 'nothing':
      throw nothingThere(store, word, named);
    case 'outside':
      throw leadsOut(word, followed);
    default:
      return unreachable(followed);
  }
}

function nothingThere(store: Store, word: string, { output, inner }: StorePlace): DiagnosticError {
  const [, above = '/', name = ''] = /^(.*\/)([^/]+)\/*$/.exec(inner) ?? [];
  const parent = followLinks(store, { output, inner: above });
  const names =
    parent.outcome === 'found' ? namesIn(openOutput(store, parent.output, word), parent.inner) : [];
  return new DiagnosticError({
    code: 'CAB6101',
    severity: 'error',
    message: `'${word}' does not exist`,
    hint: didYouMean(name, names) ?? `cab store ls '${output}' shows what is there`,
  });
}

function namesIn(tree: BrowsedTree, inner: string): readonly string[] {
  const place = tree.find(inner);
  return place === undefined ? [] : [...tree.entries(place).keys()];
}

function leadsOut(
  word: string,
  { link, target }: { readonly link: string; readonly target: string },
): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6103',
    severity: 'error',
    message: `'${word}' leads out of the store`,
    notes: [`the link '${link}' points to '${target}'`],
  });
}
