import { type StorePath, parseStorePath, storeFolder } from '../../foundation/index.ts';
import type { Store } from '../store.ts';

/** How many symbolic links one walk follows, as the system's own limit is. */
const symlinkLimit = 40;

/** A place in an output: `/`, `/a/b`. */
export interface StorePlace {
  readonly output: StorePath;
  readonly inner: string;
}

/** Where a place is in the end; `link` and `target` tell of a link that leads out of the store. */
export type Followed =
  | ({ readonly outcome: 'found' } & StorePlace)
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'outside'; readonly link: string; readonly target: string };

/**
 * Follows every symbolic link on the way to a place and at its end, as a build that sees the store would: also from one output into
 * another, be it by an absolute path or by one that climbs. No link is on the way that is answered.
 */
export function followLinks(store: Store, { output, inner }: StorePlace): Followed {
  let done: readonly string[] = [];
  let waiting = componentsOf(`${output.slice(storeFolder.length)}/${inner}`);
  let last: { readonly link: string; readonly target: string } | undefined;
  for (let links = 0; waiting.length > 0;) {
    const [name, ...rest] = waiting as [string, ...string[]];
    waiting = rest;
    if (name === '..') {
      if (done.length === 0)
        return last === undefined ? { outcome: 'nothing' } : { outcome: 'outside', ...last };
      done = done.slice(0, -1);
      continue;
    }
    const here = placeOf([...done, name]);
    const entry = here === undefined ? undefined : store.lookup(here.output, here.inner);
    if (here === undefined || entry === undefined) return { outcome: 'nothing' };
    if (entry.kind !== 'symlink') {
      done = [...done, name];
      continue;
    }
    if (++links > symlinkLimit) return { outcome: 'nothing' };
    const { target } = entry;
    last = { link: `${here.output}${here.inner === '/' ? '' : here.inner}`, target };
    if (!target.startsWith('/')) {
      waiting = [...componentsOf(target), ...rest];
      continue;
    }
    if (!target.startsWith(`${storeFolder}/`)) return { outcome: 'outside', ...last };
    done = [];
    waiting = [...componentsOf(target.slice(storeFolder.length)), ...rest];
  }
  const place = placeOf(done);
  return place === undefined ? { outcome: 'nothing' } : { outcome: 'found', ...place };
}

function placeOf([name, ...inner]: readonly string[]): StorePlace | undefined {
  const output = parseStorePath(`${storeFolder}/${name}`);
  return output === undefined ? undefined : { output, inner: `/${inner.join('/')}` };
}

function componentsOf(path: string): string[] {
  return path.split('/').filter((component) => component !== '' && component !== '.');
}
