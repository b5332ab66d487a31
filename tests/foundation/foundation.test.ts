import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  BoundedPool,
  type Json,
  canonicalJson,
  compareCodePoints,
  decodeBase32,
  digestOf,
  digestOfHashPart,
  encodeBase32,
  hashPartOf,
  hashPartOfStorePath,
  isStoreName,
  nameOfStorePath,
  parseDigest,
  parseHashPart,
  parseStorePath,
  storePath,
  toStoreName,
} from '../../src/foundation/index.ts';

test('base32 has the test vectors of RFC 4648, in lower case and without padding', () => {
  const vectors = {
    '': '',
    f: 'my',
    fo: 'mzxq',
    foo: 'mzxw6',
    foob: 'mzxw6yq',
    fooba: 'mzxw6ytb',
    foobar: 'mzxw6ytboi',
  };
  for (const [text, encoded] of Object.entries(vectors)) {
    assert.equal(encodeBase32(Buffer.from(text).toString('hex')), encoded);
    assert.equal(Buffer.from(decodeBase32(encoded) ?? []).toString(), text);
  }
  assert.equal(decodeBase32('m1'), undefined);
});

test('BLAKE3 of nothing is what its specification says', () => {
  assert.equal(digestOf(''), 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262');
});

test('a hash part is 52 characters, and stands for one digest', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const digest = digestOf(text);
      const hashPart = hashPartOf(digest);
      assert.equal(hashPart.length, 52);
      assert.equal(digestOfHashPart(hashPart), digest);
      assert.equal(parseHashPart(hashPart), hashPart);
    }),
  );
  // The last character holds one bit: others would be a second spelling of the same hash.
  const spelling = hashPartOf(digestOf('')).slice(0, 51);
  const accepted = 'abcdefghijklmnopqrstuvwxyz234567'
    .split('')
    .filter((last) => parseHashPart(spelling + last) !== undefined);
  assert.deepEqual(accepted, ['a', 'q']);
  assert.equal(parseDigest('A'.repeat(64)), undefined);
});

test('a store path is taken apart as it was put together', () => {
  const hashPart = hashPartOf(digestOf('x'));
  const path = storePath(hashPart, 'name-1.0');
  assert.equal(path, `/cab/store/${hashPart}-name-1.0`);
  assert.equal(hashPartOfStorePath(path), hashPart);
  assert.equal(nameOfStorePath(path), 'name-1.0');
  assert.equal(parseStorePath(path), path);
  for (const other of [`${path}/x`, path.replace('/cab', ''), path.replace('-name-1.0', ''), `${path} `]) {
    assert.equal(parseStorePath(other), undefined, other);
  }
});

test('any text becomes a name that a store path may carry', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.ok(isStoreName(toStoreName(text)))));
});

test('strings are ordered as their UTF-8 encodings are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
      const expected = Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      assert.equal(Math.sign(compareCodePoints(left, right)), expected);
    }),
  );
});

test('canonical JSON is one text for one value, and JSON', () => {
  assert.equal(
    canonicalJson({ b: [1, null, true], a: { d: 'x', c: '' } }),
    '{"a":{"c":"","d":"x"},"b":[1,null,true]}',
  );
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value as Json);
      assert.equal(canonicalJson(JSON.parse(text) as Json), text);
    }),
  );
});

test('a bounded pool runs all tasks, and never more than its bound at once', async () => {
  const pool = new BoundedPool(3);
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      pool.run(async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        return index;
      }),
    ),
  );
  assert.deepEqual(
    results,
    Array.from({ length: 20 }, (_, index) => index),
  );
  assert.equal(most, 3);
});

test('a task that fails gives its place in the pool to the next', async () => {
  const pool = new BoundedPool(1);
  await assert.rejects(
    pool.run(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await pool.run(() => Promise.resolve('yes')), 'yes');
});
