import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { noise, writeTree } from './content.ts';
import { openStore } from './open-store.ts';
import type { StoreProgram } from './scenario.ts';

/** A folder of the machine is taken in, is changed, and is taken in again. */
export const local: StoreProgram = {
  name: 'local',
  prepare: ({ work }) => writeTree(path.join(work, 'tree'), 'local'),
  run({ store: folder, work }, report) {
    const store = openStore(folder);
    const tree = path.join(work, 'tree');
    for (const round of [1, 2, 3]) {
      writeFileSync(path.join(tree, 'changing'), noise(`round ${round}`, round * 600_000));
      report({ kind: 'output', path: store.addLocal(tree, 'tree', { now: later }) });
    }
    store.close();
  },
};

/** Late enough for the status of what was written a moment ago to be trusted. */
function later(): number {
  return Date.now() + 10_000;
}
