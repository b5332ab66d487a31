import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type StorePath, parseStorePath, storeFolder } from '../foundation/index.ts';
import type { Store, StorePlace } from '../workspace/index.ts';

/**
 * What of the store a word means: a path as builds see it, the name of an entry, or something that lies in the store's folder
 * once links of the machine are followed, such as a result link; each with a path behind it, which need not exist. The output
 * counts as used: it stays while it is looked at.
 */
export function storePathOf(store: Store, folder: string, word: string): StorePlace | undefined {
  return writtenPath(store, word) ?? placeOnDisk(store, path.resolve(folder, word));
}

/** `/cab/store/<entry>/a/b`, or `<entry>/a/b`. */
function writtenPath(store: Store, word: string): StorePlace | undefined {
  const below = word.startsWith(`${storeFolder}/`) ? word.slice(storeFolder.length + 1) : word;
  return placeBelow(store, below);
}

function placeBelow(store: Store, below: string): StorePlace | undefined {
  const [name = '', ...inner] = below.split('/');
  const output = entryOf(store, name);
  return output === undefined ? undefined : { output, inner: `/${inner.join('/')}` };
}

function entryOf(store: Store, name: string): StorePath | undefined {
  const output = parseStorePath(`${storeFolder}/${name}`);
  return output !== undefined && store.use([output]).has(output) ? output : undefined;
}

/** Goes down a path of the machine until it is in the store's folder: what comes behind that is the store's to follow. */
function placeOnDisk(store: Store, absolute: string): StorePlace | undefined {
  const names = absolute.split(path.sep).filter((name) => name !== '');
  let here = path.parse(absolute).root;
  for (const [index, name] of names.entries()) {
    const there = path.join(here, name);
    const real = realPath(there) ?? targetOf(there);
    if (real === undefined) return undefined;
    const place = placeInFolder(store, real);
    if (place !== undefined) {
      return { ...place, inner: path.posix.join(place.inner, ...names.slice(index + 1)) };
    }
    here = real;
  }
  return undefined;
}

function placeInFolder(store: Store, real: string): StorePlace | undefined {
  for (const folder of [realPath(store.folder), store.folder]) {
    const [top, ...below] = path.relative(folder ?? store.folder, real).split(path.sep);
    if (top === 'store') return placeBelow(store, below.join('/'));
  }
  return real.startsWith(`${storeFolder}/`) ? writtenPath(store, real) : undefined;
}

function realPath(place: string): string | undefined {
  try {
    return realpathSync(place);
  } catch {
    return undefined;
  }
}

/** Of a link that leads to nothing, as one does to an output that is not on disk any more. */
function targetOf(place: string): string | undefined {
  try {
    return lstatSync(place).isSymbolicLink()
      ? path.resolve(path.dirname(place), readlinkSync(place))
      : undefined;
  } catch {
    return undefined;
  }
}
