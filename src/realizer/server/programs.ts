import path from 'node:path';
import type { Store } from '../../store/index.ts';
import type { ProgramPath } from './assets/asset-derivation.ts';

const names = ['fetch', 'unpack', 'download'] as const;

/**
 * The programs that come with Cab, in the store of a server, so that no client has to send them. One that a collection has taken is
 * put back when it is asked for: its file is looked at no more than by its status.
 */
export function programsIn(store: Store, folder: string): ProgramPath {
  const pathOf: ProgramPath = (name) => store.addLocal(path.join(folder, `${name}.wasm`), `${name}.wasm`);
  for (const name of names) pathOf(name);
  return pathOf;
}
