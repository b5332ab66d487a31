import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/index.ts';
import { Attacked } from './support/attacked.ts';
import { methods, pathOf } from './support/methods.ts';
import { mutated, pick, randomBytes } from './support/random-message.ts';
import { type HandCall, type Outcome, callByHand, framed } from './support/raw-call.ts';

type Random = () => number;

const callsAMethod = 24;
const bomb = gzipSync(Buffer.alloc(100_000_000));

/** How the bytes of a message go out: mostly as they should. */
const bodies: readonly ((
  message: Uint8Array,
  random: Random,
) => Partial<HandCall> & Pick<HandCall, 'body'>)[] = [
  (message) => ({ body: framed(message) }),
  (message) => ({ body: framed(message) }),
  (message, random) => ({ body: framed(mutated(message, random)) }),
  (message, random) => ({ body: framed(mutated(message, random)) }),
  (message, random) => ({ body: framed(mutated(message, random)) }),
  // Announced longer, or shorter, than it comes.
  (message, random) => ({
    body: framed(message, false, pick(random, [0, message.length + 1, 2 ** 31, 2 ** 32 - 1])),
  }),
  (message, random) => ({ body: framed(message).subarray(0, Math.floor(random() * (message.length + 5))) }),
  (message) => ({ body: Buffer.concat([framed(message), framed(message), framed(new Uint8Array(0))]) }),
  () => ({ body: new Uint8Array(0) }),
  // Compressed, or said to be.
  (message) => ({ body: framed(gzipSync(message), true), headers: { 'grpc-encoding': 'gzip' } }),
  () => ({ body: framed(bomb, true), headers: { 'grpc-encoding': 'gzip' } }),
  (message) => ({ body: framed(message, true), headers: { 'grpc-encoding': 'gzip' } }),
  (message) => ({ body: framed(message, true) }),
  (message) => ({ body: framed(message), headers: { 'grpc-encoding': 'snappy' } }),
  (message) => ({ body: framed(message), headers: { 'content-type': 'application/json' } }),
  (message) => ({ body: framed(message), headers: { 'content-type': 'application/grpc+json' } }),
  (message) => ({ body: framed(message), headers: { 'grpc-timeout': '1n' } }),
  (message) => ({
    body: framed(message),
    headers: { 'grpc-timeout': '99999999999999H', 'x-odd-bin': '!!!' },
  }),
  (message) => ({
    body: framed(message),
    headers: { 'build.bazel.remote.execution.v2.requestmetadata-bin': 'AAAA////' },
  }),
  (message, random) => ({
    body: framed(message).subarray(0, Math.floor(random() * message.length)),
    isReset: true,
  }),
];

/** Either a status of gRPC, or of HTTP where it is no call of gRPC, or whatever may come where the stream was reset. */
function isAnswer(outcome: Outcome, isReset: boolean, isStreamed: boolean): boolean {
  if (outcome.kind === 'streams') return isStreamed;
  if (outcome.kind === 'hangs') return false;
  if (isReset) return true;
  if (outcome.kind === 'closed') return false;
  const { http, grpc } = outcome;
  return grpc === undefined ? http >= 400 && http < 500 : grpc >= 0 && grpc <= 16;
}

test(
  'every method answers whatever it is sent with a status, and the server goes on',
  { timeout: 3_000_000 },
  async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    const attacked = await Attacked.start(t);
    let calls = 0;
    for (const method of methods) {
      const path = pathOf(method);
      const session = attacked.session();
      for (let round = 0; round < fuzzFactor(); round++) {
        const made = Array.from({ length: callsAMethod }, async () => {
          const message = randomBytes(method.input, random);
          const call = { path, token: 'all', ...pick(random, bodies)(message, random) };
          const outcome = await callByHand(session, call);
          const shown = `${path} with ${Buffer.from(call.body).toString('hex').slice(0, 400)} of seed ${seed}`;
          assert.ok(
            isAnswer(outcome, call.isReset === true, method.methodKind === 'server_streaming'),
            `${JSON.stringify(outcome)} came of ${shown}`,
          );
          if (outcome.kind === 'status')
            assert.notEqual(outcome.grpc, 2, `${outcome.message} came of ${shown}`);
          calls += 1;
        });
        await Promise.all(made);
      }
      session.destroy();
      await attacked.serves();
      assert.deepEqual(attacked.faults, [], `${path} of seed ${seed}`);
    }
    t.diagnostic(`${methods.length} methods, ${calls} calls`);
  },
);
