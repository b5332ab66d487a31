import path from 'node:path';
import { parseStorePath } from '../../../src/foundation/index.ts';
import type { Store } from '../../../src/store/index.ts';
import type { Place } from '../place.ts';
import { writeTree } from './content.ts';
import { openStore } from './open-store.ts';
import type { StoreProgram } from './scenario.ts';

/** Trees are put on disk: a folder, another with the same files, one that is a file, one that is a link. */
export const materialise: StoreProgram = {
  name: 'materialise',
  prepare: fill,
  run({ store: folder, work }, report) {
    const store = openStore(folder);
    for (const place of [path.join(work, 'first'), path.join(work, 'second')]) {
      report({ kind: 'output', path: store.addLocal(place, 'tree') });
    }
    for (const text of outputsOf(store, work)) {
      const output = parseStorePath(text);
      if (output === undefined) throw new Error(`'${text}' is no store path`);
      store.materialise(output);
      report({ kind: 'materialised', path: output });
    }
    store.close();
  },
};

function outputsOf(store: Store, work: string): readonly string[] {
  const first = store.addLocal(path.join(work, 'first'), 'tree');
  const second = store.addLocal(path.join(work, 'second'), 'tree');
  const file = store.addPart(first, '/bin/run', 'file');
  const link = store.addPart(first, '/bin/link', 'link');
  return [first, second, ...[file, link].filter((part) => part !== undefined)];
}

function fill({ store: folder, work }: Place): void {
  for (const name of ['first', 'second']) writeTree(path.join(work, name), name);
  const store = openStore(folder);
  outputsOf(store, work);
  store.close();
}
