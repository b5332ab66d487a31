import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FetchFailure, explainFetchFailure } from '../../src/islands/index.ts';

const url = 'https://e.org/x';
const server = { host: 'e.org', credentials: 'none' };

function answered(status: number, more: object = {}): FetchFailure {
  const request = { kind: 'status', url, detail: `status ${status}`, status, server, ...more };
  return { exitCode: 10, lastLine: 'the server answers', request };
}

function ended(exitCode: number): FetchFailure {
  return { exitCode, lastLine: 'the last line', request: undefined };
}

/** An island, how its program ended, the code, and what is said. */
const failures: readonly (readonly [string, FetchFailure, string, RegExp])[] = [
  ['github:o/r/x', ended(11), 'CAB3204', /no such branch, tag or commit/],
  ['npm:n/9.0.0', ended(11), 'CAB3212', /has the package, and no such version or tag/],
  ['crates:c/9.0.0', ended(11), 'CAB3212', /has the crate, and no such version/],
  [
    'pypi:p/9.0',
    ended(11),
    'CAB3212',
    /no such version of it that is a source.*wheels that were built for one/,
  ],
  ['oci:debian/12', ended(11), 'CAB3212', /has the image, and not for this platform.*\?platform=/],
  ['npm:n', answered(404), 'CAB3212', /no such package \(status 404\).*spelling, and that it is not private/],
  ['crates:c/1.0.0', answered(404), 'CAB3212', /no such crate/],
  ['pypi:p/1', answered(404), 'CAB3212', /no such project/],
  ['go:e.org/m/v1.0.0', answered(410), 'CAB3212', /no such module, or no such version/],
  ['oci:debian/x', answered(404), 'CAB3212', /no such image/],
  ['https://e.org/x', answered(404), 'CAB3203', /answered with status 404/],
  [
    'npm:n',
    answered(404, { server: { host: 'e.org', credentials: 'shown' } }),
    'CAB3212',
    /these credentials may see it/,
  ],
  [
    'oci:o/private/x',
    answered(401),
    'CAB3214',
    /\[credentials\] "e\.org" = \{ token-file = "…" \}; registries answer so too where there is no such image/,
  ],
  [
    'npm:n',
    answered(401, { server: { host: 'e.org', credentials: 'withheld-from-http' } }),
    'CAB3214',
    /not sent over http.*allow-http = true/,
  ],
  ['https://e.org/x', answered(407), 'CAB3214', /the proxy wants to know who asks/],
  [
    'https://e.org/x',
    answered(403, { retryAfterMs: 59_000 }),
    'CAB3215',
    /try again in a minute; with credentials/,
  ],
  ['https://e.org/x', answered(429, { retryAfterMs: 3 * 3_600_000 }), 'CAB3215', /try again in 3 hours/],
  ['https://e.org/x', answered(429), 'CAB3215', /try again later/],
  ['https://e.org/x', answered(500), 'CAB3203', /status 500.*try again later/],
  ['npm:n/1.0.0', ended(20), 'CAB3213', /another digest than the one that was published.*the last line/],
];

for (const [island, failure, code, words] of failures) {
  test(`${island}, ended with ${failure.exitCode} and status ${failure.request?.status}, is ${code}`, () => {
    const explained = explainFetchFailure(island, failure);
    assert.equal(explained?.code, code);
    assert.match([explained.message, ...(explained.notes ?? []), explained.hint].join(' '), words);
    assert.doesNotMatch(
      [explained.message, explained.hint].join(' ').replaceAll(`'${island}'`, ''),
      /undefined|NaN/,
    );
  });
}

test('an end that says nothing of the origin is left to the general message', () => {
  for (const exitCode of [undefined, 2, 16]) {
    assert.equal(
      explainFetchFailure('npm:n', { exitCode, lastLine: undefined, request: undefined }),
      undefined,
    );
  }
});
