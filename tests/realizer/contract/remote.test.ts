import { openRemoteRealizer } from '../../../src/realizer/client/index.ts';
import { withRealizer } from '../../support/realizer.ts';
import { remoteRealizerContract } from './remote-realizer.ts';

remoteRealizerContract('a realizer over the network', async (test, store, name) => {
  const there = await withRealizer(test);
  const realizer = openRemoteRealizer(there.configuration({ name }), { store, version: '0.0.0' });
  test.after(() => realizer.close());
  return realizer;
});
