import { Store } from '../../../src/store/index.ts';
import { noise } from './content.ts';
import type { StoreProgram } from './scenario.ts';

/** Logs are written under two names each, and written again. The last line of each tells its round. */
export const logs: StoreProgram = {
  name: 'logs',
  run({ store: folder }, report) {
    const store = Store.open(folder);
    for (const round of [1, 2, 3]) {
      for (const ids of [
        ['alone', 'alone'],
        ['first-name', 'second-name'],
      ]) {
        store.logs.write(ids, [noise(`${round}`, 20_000).toString('base64'), `${round}`]);
        for (const id of new Set(ids)) report({ kind: 'log', id, round });
      }
    }
    store.close();
  },
};
