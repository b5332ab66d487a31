import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DiagnosticError } from '../../src/diagnostics/index.ts';
import type { StorePath } from '../../src/foundation/index.ts';
import type { Store } from '../../src/store/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/index.ts';
import { listing, scratchPath, temporaryStore } from './temporary-store.ts';

const rounds = 300 * fuzzFactor();

/** Outputs with everything that an archive can hold. */
async function fill(store: Store, work: string): Promise<StorePath> {
  const source = path.join(work, 'source');
  mkdirSync(path.join(source, 'a', 'b'), { recursive: true });
  for (const name of ['x', 'a/y', 'a/b/z']) writeFileSync(path.join(source, name), `content of ${name}`);
  writeFileSync(path.join(source, 'empty'), '');
  const input = store.addLocal(source, 'source');
  const scratch = scratchPath('built', 'built');
  const built = path.join(work, 'built');
  mkdirSync(built);
  writeFileSync(path.join(built, 'run'), `${input} ${scratch}`, { mode: 0o755 });
  symlinkSync(scratch, path.join(built, 'link'));
  const output = await store.addOutput({ source: built, scratch, name: 'built', candidates: [input] });
  store.commit({ outputs: [output] });
  return output.path;
}

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** One of the things that befall files on their way, or that somebody does to them. */
const mutations: readonly ((content: Buffer, random: Random) => Buffer)[] = [
  function flipBit(content, random) {
    const at = below(random, content.length);
    content[at] = (content[at] as number) ^ (1 << below(random, 8));
    return content;
  },
  function setByte(content, random) {
    content[below(random, content.length)] = [0, 1, 0x7f, 0x80, 0xff, 0x42, 0x44, 0x45, 0x4f][
      below(random, 9)
    ] as number;
    return content;
  },
  function cut(content, random) {
    return content.subarray(0, below(random, content.length));
  },
  function remove(content, random) {
    const start = below(random, content.length);
    return Buffer.concat([content.subarray(0, start), content.subarray(start + 1 + below(random, 60))]);
  },
  function repeat(content, random) {
    const start = below(random, content.length);
    const end = start + 1 + below(random, 200);
    return Buffer.concat([content.subarray(0, end), content.subarray(start)]);
  },
  function enlarge(content, random) {
    const at = below(random, content.length - 8);
    content.writeBigUInt64LE(BigInt(below(random, 2 ** 32)) << BigInt(below(random, 33)), at);
    return content;
  },
];

function mutated(content: Uint8Array, random: Random): Buffer {
  let result: Buffer = Buffer.from(content);
  for (let count = 1 + below(random, 3); count > 0 && result.length > 8; count--) {
    result = mutations[below(random, mutations.length)]?.(result, random) ?? result;
  }
  return result;
}

async function* inPieces(content: Uint8Array, random: Random): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length;) {
    const end = at + 1 + below(random, 500);
    yield content.subarray(at, end);
    at = end;
  }
}

test('whatever befalls an archive, an import takes what is whole or says what is wrong', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}, ${rounds} archives`);
  const random = randomFrom(seed);
  using from = temporaryStore();
  const output = await fill(from.store, from.work);
  const pieces: Uint8Array[] = [];
  for await (const piece of from.store.exportArchive([output])) pieces.push(piece);
  const archive = Buffer.concat(pieces);
  const content = zstdDecompressSync(archive);
  const ends = new Map<string, number>();
  let to = temporaryStore();
  for (let round = 0; round < rounds; round++) {
    const damaged = random() < 0.2 ? mutated(archive, random) : zstdCompressSync(mutated(content, random));
    const end = await importInto(damaged);
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (end !== 'imported') continue;
    to[Symbol.dispose]();
    to = temporaryStore();
  }
  to[Symbol.dispose]();
  context.diagnostic([...ends].map(([end, count]) => `${end}: ${count}`).join(', '));
  assert.ok((ends.get('CAB5021') ?? 0) > rounds / 4, 'most archives are found damaged');

  async function importInto(damaged: Uint8Array): Promise<string> {
    let end = 'imported';
    try {
      await to.store.importArchive(inPieces(damaged, random));
    } catch (error) {
      assert.ok(error instanceof DiagnosticError, String((error as Error).stack));
      end = String(error.diagnostics[0]?.code);
      assert.match(end, /^CAB502[123]$/);
      assert.equal(to.store.has(output), false);
    }
    for await (const finding of to.store.verify()) assert.fail(JSON.stringify(finding));
    assert.deepEqual(listing(path.join(to.store.folder, 'temporary')), []);
    return end;
  }
});
