import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseLockFile, printLockFile } from '../../src/islands/index.ts';

const cab = 'z'.repeat(52);
const commit = '3f2c'.repeat(10);
const other = '9ab1'.repeat(10);

const text = `{
  "version": 1,
  "islands": {
    "github:a/b": {
      "cab": "${cab}",
      "git": "${commit}"
    },
    "github:c/d": {
      "git": "${other}"
    }
  }
}
`;

test('a lock file is read and printed as it was', () => {
  const parsed = parseLockFile(text, 'cab.lock');
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.lock.islands.get('github:a/b'), { cab, git: commit });
  assert.equal(printLockFile(parsed.lock), text);
});

test('blocks and pins are sorted, whatever order they came in', () => {
  const lock = {
    islands: new Map([
      ['github:c/d', { git: other }],
      ['github:a/b', { git: commit, cab }],
    ]),
    derivations: new Map<string, Record<string, string>>(),
  };
  assert.equal(printLockFile(lock), text);
});

test('whatever is printed is read again as the same', () => {
  const pins = fc.dictionary(fc.stringMatching(/^x[a-z0-9-]{0,8}$/), fc.stringMatching(/^[!-~]{1,20}$/));
  const blocks = fc.dictionary(fc.string(), pins).map((entries) => new Map(Object.entries(entries)));
  fc.assert(
    fc.property(blocks, blocks, (islands, derivations) => {
      const printed = printLockFile({ islands, derivations });
      const parsed = parseLockFile(printed, 'cab.lock');
      assert.ok(parsed.ok, printed);
      assert.equal(printLockFile(parsed.lock), printed);
      assert.equal(parsed.lock.islands.size, islands.size);
    }),
  );
});

const unreadable: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', '{', /not JSON/],
  ['a list', '[]', /not a JSON object/],
  ['another version', '{"version":2}', /its version is 2/],
  ['no version', '{}', /its version is undefined/],
  ['a block that is a text', '{"version":1,"islands":{"a":"b"}}', /block of 'a'/],
  ['a pin that is a number', '{"version":1,"islands":{"a":{"git":1}}}', /the pin 'git' of 'a'/],
  ['a pin with a line feed', '{"version":1,"islands":{"a":{"git":"b\\nc"}}}', /the pin 'git' of 'a'/],
  ['a commit that is none', '{"version":1,"islands":{"a":{"git":"zz"}}}', /the pin 'git' of 'a'/],
  ['conflict marks', '<<<<<<< HEAD\n{}', /conflict marks/],
];

for (const [what, content, words] of unreadable) {
  test(`a lock file with ${what} is refused with a word on what to do`, () => {
    const parsed = parseLockFile(content, 'cab.lock');
    assert.ok(!parsed.ok);
    assert.equal(parsed.diagnostic.code, 'CAB3101');
    assert.match(`${parsed.diagnostic.message} ${parsed.diagnostic.hint}`, words);
  });
}
