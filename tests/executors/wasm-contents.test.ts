import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { chooseSeed } from '../support/random.ts';
import { ShellRig } from './support/shell-rig.ts';

/** One change to a file: the command that makes it, and what it makes of the content. */
interface Step {
  readonly command: string;
  readonly apply: (content: Buffer) => Buffer;
}

const text = fc.string({ unit: fc.constantFrom('x', 'y', 'z'), minLength: 1, maxLength: 20 });

/** Offsets on both sides of what is held in memory, and beyond. */
const offset = fc.oneof(fc.nat(40), fc.integer({ min: 262_100, max: 262_200 }), fc.nat(700_000));

const step: fc.Arbitrary<Step> = fc.oneof(
  text.map((piece) => ({ command: `write $out ${piece}`, apply: () => Buffer.from(piece) })),
  text.map((piece) => ({
    command: `append $out ${piece}`,
    apply: (content: Buffer) => Buffer.concat([content, Buffer.from(piece)]),
  })),
  fc.tuple(offset, text).map(([at, piece]) => ({
    command: `patch $out ${at} ${piece}`,
    apply: (content: Buffer) => patched(content, at, piece),
  })),
  offset.map((size) => ({
    command: `truncate $out ${size}`,
    apply: (content: Buffer) => Buffer.concat([content, Buffer.alloc(size)]).subarray(0, size),
  })),
  offset.map((size) => ({ command: `fill $out ${size}`, apply: () => filled(size) })),
  fc.tuple(offset, text, text).map(([at, first, second]) => ({
    command: `hold $out|held-seek ${at} 0|held-write ${first}|held-seek 0 0|held-read|held-write ${second}|held-close`,
    apply: (content: Buffer) => {
      const once = patched(content, at, first);
      return patched(once, Math.min(once.length, 65_536), second);
    },
  })),
);

it('a file holds what was written to it, in whatever order and size', { timeout: 120_000 }, async (t) => {
  await using shell = await ShellRig.create();
  const seed = chooseSeed() | 0;
  t.diagnostic(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const commands = ['write $out start', ...steps.flatMap(({ command }) => command.split('|'))];
      const { result } = await shell.run(commands);
      assert.ok(result.outcome === 'finished', JSON.stringify(result));
      const expected = steps.reduce<Buffer>((content, { apply }) => apply(content), Buffer.from('start'));
      const [file] = shell.rig.store.getTree(result.outputs['out']?.tree ?? assert.fail()).files;
      assert.ok(expected.equals(shell.rig.store.blobs.read(file?.digest ?? assert.fail())));
    }),
    { seed, numRuns: 150 },
  );
});

function patched(content: Buffer, at: number, piece: string): Buffer {
  const result = Buffer.alloc(Math.max(content.length, at + piece.length));
  content.copy(result);
  result.write(piece, at);
  return result;
}

/** What the builder's command `fill` writes: blocks of one letter each. */
function filled(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let left = size; left > 0; left -= 65_536) {
    blocks.push(Buffer.alloc(Math.min(left, 65_536), 97 + ((left >> 16) % 26)));
  }
  return Buffer.concat(blocks);
}
