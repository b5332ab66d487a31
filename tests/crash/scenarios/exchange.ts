import path from 'node:path';
import { sha256Of } from '../../../src/foundation/index.ts';
import { Store } from '../../../src/store/index.ts';
import { receiverOver, sourceOver } from '../../store/exchanging.ts';
import { noise, putText } from './content.ts';
import { openStore } from './open-store.ts';
import type { StoreProgram } from './scenario.ts';

/** Where the outputs come from. */
const otherIn = (work: string): string => path.join(work, 'other store');

/** Outputs come from another store, uploaded before they are recorded, and fetched; and content that was uploaded under SHA-256. */
export const exchange: StoreProgram = {
  name: 'exchange',
  prepare({ work }) {
    const other = Store.open(otherIn(work));
    const lower = putText(other, 'a lower one of another store');
    other.commit({ outputs: [lower, putText(other, `an upper one, of ${lower.path}`, [lower.path])] });
    other.commit({ outputs: [putText(other, 'one that is fetched')] });
    other.close();
  },
  async run({ store: folder, work }, report) {
    const store = openStore(folder);
    const other = Store.open(otherIn(work));
    const lower = putText(other, 'a lower one of another store');
    const upper = putText(other, `an upper one, of ${lower.path}`);
    await other.sendOutputs([upper.path], receiverOver(other, store));
    for (const output of [lower, upper]) report({ kind: 'output', path: output.path });

    const fetched = putText(other, 'one that is fetched');
    await store.takeOutputs(await other.findClosure([fetched.path]), sourceOver(other, store));
    report({ kind: 'output', path: fetched.path });

    const content = noise('uploaded', 5000);
    const blob = store.blobs.put(content);
    const reference = { sha256: sha256Of(content), size: content.length };
    store.noteSha256([{ hashed: { kind: 'file', digest: blob.digest }, reference }]);
    store.actionResults.put({ function: 'sha256', action: reference.sha256, identity: '' }, content);
    report({ kind: 'blob', digest: blob.digest });
    other.close();
    store.close();
  },
};
