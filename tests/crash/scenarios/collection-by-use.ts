import { Store } from '../../../src/store/index.ts';
import { ageAll } from '../../store/collecting.ts';
import { noise, putText } from './content.ts';
import { openStore } from './open-store.ts';
import type { StoreProgram } from './scenario.ts';

const key = { function: 'sha256', action: 'ab'.repeat(32), identity: '' };

/** All that nobody has used goes, outputs and what was uploaded alike, beside what a root keeps. */
export const collectionByUse: StoreProgram = {
  name: 'collection by use',
  prepare({ store: folder }) {
    const store = Store.open(folder);
    const kept = putText(store, 'kept');
    store.commit({ outputs: [kept, putText(store, 'not kept')] });
    store.addRoots([{ kind: 'output', path: kept.path }]);
    for (let index = 0; index < 40; index++) {
      store.blobs.put(noise(`${index}`, 5000));
      putText(store, `loose ${index}`);
    }
    store.actionResults.put(key, noise('result', 100));
    ageAll(store);
    store.close();
  },
  async run({ store: folder }, report) {
    const store = openStore(folder);
    const kept = putText(store, 'kept');
    report({ kind: 'output', path: kept.path });
    const fresh = store.blobs.put(noise('fresh', 5000));
    const collector = openStore(folder);
    for await (const _step of collector.collect({ order: 'by-use', keepBytes: 0, readLock: () => [] }));
    report({ kind: 'blob', digest: fresh.digest });
    collector.close();
    store.close();
  },
};
