/** What the client's wire carries while another machine builds; `npm run test:kilobytes` does the same with a hundred megabytes. */
import { describe, test } from 'node:test';
import { reasonForNoNetworks } from '../support/networks/index.ts';
import { countKilobytes } from './kilobytes.ts';
import { reasonToSkip } from './native-builds.ts';

describe(
  'a client, a realizer and a forge on three machines',
  { skip: reasonForNoNetworks() || reasonToSkip() },
  () => {
    test('a build from a large source takes kilobytes of the client, first and after a commit', (context) =>
      countKilobytes(context, { files: 1000, bytes: 10_000_000 }));
  },
);
