import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { randomFrom, chooseSeed, fuzzFactor } from '../../support/index.ts';
import { Attacked } from './support/attacked.ts';
import {
  callHeaders,
  flag,
  frame,
  frameType,
  headerBlock,
  number32,
  preface,
  setting,
} from './support/http2-frames.ts';

const mebibyte = 2 ** 20;
/** How long a call of somebody else may take while an attack goes on, on a machine that has other work too. */
const patienceMs = 8000;

/** Pieces of what an attacker writes, one after another. */
type Attack = () => Iterable<Buffer>;

function* repeated(count: number, pieceOf: (index: number) => Buffer): Iterable<Buffer> {
  const atOnce = 64;
  for (let start = 0; start < count; start += atOnce)
    yield Buffer.concat(
      Array.from({ length: Math.min(atOnce, count - start) }, (_, index) => pieceOf(start + index)),
    );
}

const opened = (index: number): Buffer =>
  frame(frameType.headers, flag.endHeaders, 2 * index + 1, callHeaders);

const attacks: readonly (readonly [name: string, attack: Attack])[] = [
  [
    'resets a call as soon as it has made it, again and again',
    () =>
      repeated(20_000, (index) =>
        Buffer.concat([opened(index), frame(frameType.reset, 0, 2 * index + 1, number32(8))]),
      ),
  ],
  ['makes calls without end that it never goes on with', () => repeated(20_000, opened)],
  [
    'has the server reset its calls, by what is wrong with them',
    () =>
      repeated(20_000, (index) =>
        Buffer.concat([opened(index), frame(frameType.windowUpdate, 0, 2 * index + 1, number32(0))]),
      ),
  ],
  [
    'changes its settings all the time',
    () => repeated(50_000, (index) => frame(frameType.settings, 0, 0, setting(4, index))),
  ],
  [
    'pings all the time, and does not listen',
    () => repeated(50_000, () => frame(frameType.ping, 0, 0, Buffer.alloc(8))),
  ],
  [
    'sends empty pieces without end',
    () => [opened(0), ...repeated(100_000, () => frame(frameType.data, 0, 1))],
  ],
  [
    'never comes to the end of its headers',
    () => [
      frame(frameType.headers, 0, 1, callHeaders),
      ...repeated(20_000, (index) =>
        frame(frameType.continuation, 0, 1, headerBlock([[`x-${index}`, 'y'.repeat(100)]])),
      ),
    ],
  ],
  [
    'sends empty continuations of headers',
    () => [
      frame(frameType.headers, 0, 1, callHeaders),
      ...repeated(100_000, () => frame(frameType.continuation, 0, 1)),
    ],
  ],
  [
    'has headers that unfold to a thousand times their size',
    () => {
      // One long value goes into the table of the connection, and is named from there by one byte each.
      const value = 'v'.repeat(4000);
      const entry = Buffer.concat([
        Buffer.from([0x40, 1, 0x61, 127]),
        Buffer.from([0xa1, 0x1e]),
        Buffer.from(value),
      ]);
      const block = Buffer.concat([callHeaders, entry, Buffer.alloc(8000, 0xbe)]);
      return repeated(200, (index) =>
        frame(frameType.headers, flag.endHeaders | flag.endStream, 2 * index + 1, block),
      );
    },
  ],
  [
    'speaks of calls and lengths that there are not',
    () => [
      frame(frameType.data, 0, 7, Buffer.alloc(100)),
      frame(frameType.goAway, 0, 0, Buffer.alloc(8)),
      frame(frameType.pushPromise, flag.endHeaders, 1, Buffer.alloc(40)),
      frame(200, 255, 0x7fff_ffff, Buffer.alloc(100)),
      Buffer.from('ffffff0000000000010000', 'hex'),
    ],
  ],
];

/** Writes all, as far as it is taken, without reading what comes back; answers whether the server has ended the connection. */
async function attackBy(socket: Socket, pieces: Iterable<Buffer>): Promise<void> {
  socket.pause();
  socket.write(Buffer.concat([preface, frame(frameType.settings, 0, 0)]));
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (!socket.write(piece)) {
      // A server that takes no more has done what it should.
      const isDrained = await Promise.race([once(socket, 'drain'), once(socket, 'close'), soon()]);
      if (!isDrained) return;
    }
  }
}

function once(socket: Socket, event: 'drain' | 'close'): Promise<boolean> {
  return new Promise((resolve) => socket.once(event, () => resolve(event === 'drain')));
}

function soon(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(false), 500));
}

for (const [name, attack] of attacks) {
  test(`a connection that ${name} keeps no other from being served`, { timeout: 60_000 }, async (t) => {
    const attacked = await Attacked.start(t);
    await attacked.serves();
    const before = process.memoryUsage().rss;
    const sockets = await Promise.all([attacked.socket(), attacked.socket()]);
    const state = { isOver: false };
    const attacking = Promise.all(sockets.map((socket) => attackBy(socket, attack()))).finally(() => {
      state.isOver = true;
    });
    let slowestMs = 0;
    do {
      slowestMs = Math.max(slowestMs, await attacked.serves());
    } while (!state.isOver);
    await attacking;
    for (const socket of sockets) socket.destroy();
    slowestMs = Math.max(slowestMs, await attacked.serves());
    const grownBy = (process.memoryUsage().rss - before) / mebibyte;
    assert.ok(slowestMs < patienceMs, `a call of another took ${Math.round(slowestMs)} ms`);
    assert.ok(grownBy < 400, `the memory has grown by ${Math.round(grownBy)} MiB`);
    assert.deepEqual(attacked.faults, []);
    t.diagnostic(
      `${attacked.running.events.filter(({ type }) => type === 'call-ended').length} calls, others waited for ${Math.round(slowestMs)} ms at most, memory grew by ${Math.round(grownBy)} MiB`,
    );
  });
}

test('bytes that are anything leave the server as it was', { timeout: 600_000 }, async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const attacked = await Attacked.start(t);
  for (let round = 0; round < 60 * fuzzFactor(); round++) {
    const socket = await attacked.socket();
    const begin = [preface, frame(frameType.settings, 0, 0), opened(0)].slice(0, Math.floor(random() * 4));
    const rest = Array.from({ length: 1 + Math.floor(random() * 20) }, () => {
      const payload = Buffer.from(
        Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)),
      );
      return random() < 0.2
        ? payload
        : frame(Math.floor(random() * 12), Math.floor(random() * 256), Math.floor(random() * 6), payload);
    });
    await new Promise<void>((resolve) => socket.write(Buffer.concat([...begin, ...rest]), () => resolve()));
    if (random() < 0.3) socket.resetAndDestroy();
    else socket.destroy();
    if (round % 20 === 0) await attacked.serves();
  }
  await attacked.serves();
  assert.deepEqual(attacked.faults, []);
});
