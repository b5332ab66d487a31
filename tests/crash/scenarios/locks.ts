import { Store } from '../../../src/store/index.ts';
import { putText } from './content.ts';
import type { StoreProgram } from './scenario.ts';

/** Locks are taken and given back, two at once, with something done meanwhile. */
export const locks: StoreProgram = {
  name: 'locks',
  async run({ store: folder }, report) {
    const store = Store.open(folder);
    for (const name of ['first', 'second']) {
      using _outer = await store.lock('outer');
      using _inner = await store.lock(name);
      const output = putText(store, name);
      store.commit({ outputs: [output] });
      report({ kind: 'output', path: output.path });
    }
    store.close();
  },
};
