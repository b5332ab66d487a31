/** The same as `kilobytes.test.ts`, with 113 MB in 11,000 files: `npm run test:kilobytes`. */
import { describe, test } from 'node:test';
import { reasonForNoNetworks } from '../support/networks/index.ts';
import { countKilobytes } from './kilobytes.ts';
import { reasonToSkip } from './native-builds.ts';

describe(
  'a client, a realizer and a forge on three machines',
  { skip: reasonForNoNetworks() || reasonToSkip() },
  () => {
    test('a build from a hundred megabytes takes kilobytes of the client, first and after a commit', (context) =>
      countKilobytes(context, { files: 11_000, bytes: 113_000_000 }));
  },
);
