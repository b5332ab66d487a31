import { realpathSync } from 'node:fs';
import path from 'node:path';
import { type StorePath, parseStorePath, storeFolder } from '../foundation/index.ts';
import type { Store } from '../workspace/index.ts';

/**
 * The output of the store that a word means: a path as builds see it, the name of an entry, or something that lies in the store's
 * folder once all links are followed, such as a result link. `inner` is what the word names within it.
 */
export function storePathOf(
  store: Store,
  folder: string,
  word: string,
): { readonly output: StorePath; readonly inner: string } | undefined {
  const direct = parseStorePath(word) ?? parseStorePath(`${storeFolder}/${word}`);
  if (direct !== undefined && store.has(direct)) return { output: direct, inner: '/' };
  let real: string;
  try {
    real = realpathSync(path.resolve(folder, word));
  } catch {
    return undefined;
  }
  const [top, name = '', ...inner] = path.relative(realpathSync(store.folder), real).split(path.sep);
  const output = top === 'store' ? parseStorePath(`${storeFolder}/${name}`) : undefined;
  return output !== undefined && store.has(output) ? { output, inner: `/${inner.join('/')}` } : undefined;
}
