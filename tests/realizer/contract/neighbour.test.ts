import { createWasmExecutor } from '../../../src/realizer/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { defaultConfiguration } from '../../executors/support/rig.ts';
import { Neighbour } from '../support/neighbour.ts';
import { remoteRealizerContract } from './remote-realizer.ts';

// What tests of the scheduler work with keeps the same promises as a realizer over the network.
remoteRealizerContract('another store on this machine', async (test, home, name) => {
  const folder = await makeTemporaryFolder();
  const neighbour = new Neighbour({
    name,
    folder,
    home,
    features: [],
    cores: 2,
    nowMs: Date.now,
    executorOf: (store) => createWasmExecutor(store, defaultConfiguration),
  });
  test.after(async () => {
    await neighbour.close();
    await removeFolder(folder);
  });
  return neighbour;
});
