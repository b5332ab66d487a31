import assert from 'node:assert/strict';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { blake3 } from '@napi-rs/blake-hash';
import { chooseSeed, randomFrom } from '../support/index.ts';
import { collisions } from './support/collisions.ts';
import { HashModule, type HashName, ProgramEnd } from './support/hash-module.ts';
import { type DisturbanceVector, disturbanceVectors, makeAttack, quietSteps } from './support/sha1-attack.ts';

const EXIT_CORRUPT = 12;
const module = await HashModule.compile();
const names: readonly HashName[] = ['sha1', 'sha256', 'sha512', 'blake3'];

function reference(name: HashName, message: Uint8Array): string {
  return name === 'blake3'
    ? blake3(Buffer.from(message)).toString('hex')
    : createHash(name).update(message).digest('hex');
}

for (const name of names) {
  test(`${name} is what others say it is, whatever pieces the message comes in`, async (context) => {
    const seed = chooseSeed();
    context.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    const lengths = [...Array(300).keys(), 1023, 1024, 1025, 4095, 4096, 4097, 5121, 65_536, 1_000_000];
    for (const length of lengths) {
      const message = randomBytes(length);
      const hash = module.begin(name);
      for (let at = 0; at < length;) {
        const piece = message.subarray(at, at + 1 + Math.floor(random() * (length - at)));
        hash.update(piece);
        at += piece.length;
      }
      assert.equal(hash.end().toString('hex'), reference(name, message), `of ${length} bytes`);
    }
  });
}

test('many hashes may be under way, of different kinds', async () => {
  const kinds = names.filter((name) => name !== 'blake3');
  const hashes = [...kinds, ...kinds].map((name) => ({
    name,
    hash: module.begin(name),
    message: randomBytes(999),
  }));
  for (let at = 0; at < 999; at += 111) {
    for (const { hash, message } of hashes) hash.update(message.subarray(at, at + 111));
  }
  for (const { name, hash, message } of hashes) {
    assert.equal(hash.end().toString('hex'), reference(name, message));
  }
});

test('base64 and base32 are as in RFC 4648', async () => {
  for (let length = 0; length < 70; length++) {
    const bytes = randomBytes(length);
    module.put(bytes);
    const start = module.exports.mark();
    module.exports.appendBase64(module.room, length);
    const text = module.read(start, module.exports.lengthSince(start)).toString();
    assert.equal(text, bytes.toString('base64'));
  }
});

for (const { name, message } of collisions) {
  test(`${name}: a message that collides ends the program`, async () => {
    const hash = module.begin('sha1');
    assert.throws(
      () => hash.update(message),
      (error) =>
        error instanceof ProgramEnd && error.exitCode === EXIT_CORRUPT && /SHA-1/.test(error.message),
    );
  });
}

test('the blocks before the last of a collision, and the last behind another beginning, are like any others', async () => {
  for (const { message } of collisions) {
    const ordinary = [
      message.subarray(0, -64),
      Buffer.concat([randomBytes(64), message]),
      message.subarray(64),
    ];
    for (const bytes of ordinary) {
      const hash = module.begin('sha1');
      hash.update(bytes);
      assert.equal(hash.end().toString('hex'), reference('sha1', bytes));
    }
  }
});

test('no block of random data is taken for an attack', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const key = createHash('md5').update(String(seed)).digest();
  const stream = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  const zeros = new Uint8Array(1 << 20);
  const expected = createHash('sha1');
  const hash = module.begin('sha1');
  // Of two million blocks about one in seven is looked at closely.
  for (let i = 0; i < 128; i++) {
    const piece = stream.update(zeros);
    hash.update(piece);
    expected.update(piece);
  }
  assert.equal(hash.end().toString('hex'), expected.digest('hex'));
});

test('an attack along any of the 32 disturbance vectors is seen', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  assert.equal(disturbanceVectors.length, 32);
  for (const vector of disturbanceVectors) {
    assert.ok(findsAttack(vector, random), JSON.stringify(vector));
  }
});

/** A random block rarely has the relations of bits that every block of such an attack has: so many are tried. */
function findsAttack(vector: DisturbanceVector, random: () => number): boolean {
  const [block, states, after] = [module.room, module.room + 320, module.room + 640];
  const steps = quietSteps(vector);
  for (let tries = 0; tries < 100_000; tries++) {
    const attack = makeAttack(vector, steps[tries % steps.length]!, random);
    module.put(attack.words, block);
    module.put(attack.states, states);
    module.put(attack.after, after);
    if (module.exports.isAttack(block, states, after) === 0) continue;
    attack.after[Math.floor(random() * 20)]! ^= 1;
    module.put(attack.after, after);
    assert.equal(module.exports.isAttack(block, states, after), 0);
    return true;
  }
  return false;
}
