import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/index.ts';
import { serveAnswers } from './support/answers.ts';
import { FetchRig, type Fetched, failureOf } from './support/fetch-rig.ts';
import {
  type GitObject,
  answer,
  blob,
  commit,
  deltaOf,
  instructions,
  pack,
  seal,
  tree,
  treeOf,
  whole,
} from './support/pack.ts';

/** What a failed run says: its exit code, and one line, beside the one that is about parts. */
const refusal = /^1[1-9]: (the server gives no parts[^\n]+\n)?[^\n]+$/;

interface Fuzz {
  readonly random: () => number;
  /** A whole number below a limit. */
  readonly below: (limit: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  /** Fetches a commit from a server that gives just these bytes, whatever it is asked. */
  readonly fetch: (wanted: GitObject, bytes: Buffer, command?: readonly string[]) => Promise<Fetched>;
}

async function startFuzz(context: TestContext): Promise<Fuzz> {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const rig = await FetchRig.create(context);
  const answers: Buffer[] = [];
  const url = await serveAnswers(context, answers);
  return {
    random,
    below,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    fetch(wanted, bytes, [command = 'git', ...words] = ['git', '']) {
      answers[0] = bytes;
      const id = wanted.id.toString('hex');
      return rig.run([command, url, id, ...words], { git: id });
    },
  };
}

/** Some bytes changed, taken away or put in. */
function mutate(bytes: Buffer, { below, random }: Fuzz): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(result.length);
    if (random() < 0.6) result[at] = below(256);
    else if (random() < 0.5)
      result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + below(4))]);
    else result = Buffer.concat([result.subarray(0, at), Buffer.of(below(256)), result.subarray(at)]);
    if (result.length === 0) return Buffer.of(0);
  }
  return result;
}

function shuffled<T>(list: readonly T[], { random }: Fuzz): readonly T[] {
  return list
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function fileOf({ content }: GitObject): object {
  return { kind: 'file', executable: false, sha256: createHash('sha256').update(content).digest('hex') };
}

/** A commit of blobs, of which most are made from others by random pieces, as a pack in any order. */
function randomPack(fuzz: Fuzz): {
  wanted: GitObject;
  entries: readonly Buffer[];
  blobs: readonly GitObject[];
} {
  const { below, random } = fuzz;
  const blobs = [blob('the first\n'.repeat(1 + below(3000)))];
  const packed = [whole(blobs[0] as GitObject)];
  for (let index = 1; index < 10; index++) {
    const base = fuzz.pick(blobs);
    const pieces = Array.from({ length: below(12) }, () => {
      const offset = below(base.content.length + 1);
      return random() < 0.5
        ? ([offset, below(base.content.length - offset + 1)] as const)
        : Buffer.from(`${random()}`.repeat(1 + below(20)));
    }).filter((piece) => piece instanceof Buffer || piece[1] > 0);
    const made = instructions(base, pieces);
    blobs.push(blob(made.result));
    packed.push(deltaOf(base, made.delta));
  }
  const root = tree(...blobs.map((object, index) => ['100644', `${index}`, object] as const));
  const wanted = commit(root);
  return { wanted, blobs, entries: shuffled([whole(wanted), whole(root), ...packed], fuzz) };
}

test('a pack in any order, with any deltas, comes as it is', async (context) => {
  const fuzz = await startFuzz(context);
  for (let round = 0; round < 20 * fuzzFactor(); round++) {
    const { wanted, entries, blobs } = randomPack(fuzz);
    const fetched = await fuzz.fetch(wanted, answer(pack(entries), 1 + fuzz.below(3000)));
    assert.deepEqual(fetched.log, [], `round ${round}`);
    assert.deepEqual(
      [...fetched.tree],
      blobs.map((object, index) => [`${index}`, fileOf(object)]),
    );
  }
});

test('a damaged pack or answer is refused with one line, or comes as it is', async (context) => {
  const fuzz = await startFuzz(context);
  for (let round = 0; round < 100 * fuzzFactor(); round++) {
    const { wanted, entries, blobs } = randomPack(fuzz);
    const good = pack(entries);
    const bytes =
      fuzz.random() < 0.6 ? answer(seal(mutate(good.subarray(0, -20), fuzz))) : mutate(answer(good), fuzz);
    const command = fuzz.random() < 0.8 ? ['git', ''] : ['git-read', 'read:/3'];
    const fetched = await fuzz.fetch(wanted, bytes, command);
    if (fetched.result.outcome !== 'finished') assert.match(failureOf(fetched), refusal, `round ${round}`);
    else if (command[0] === 'git') {
      assert.deepEqual(
        [...fetched.tree],
        blobs.map((object, index) => [`${index}`, fileOf(object)]),
      );
    } else
      assert.deepEqual(
        fetched.tree.get((blobs[3] as GitObject).id.toString('hex')),
        fileOf(blobs[3] as GitObject),
      );
  }
});

test('deltas of any bytes are refused with one line, or not used', async (context) => {
  const fuzz = await startFuzz(context);
  const base = blob('the base\n'.repeat(500));
  const root = tree(['100644', 'base', base]);
  const wanted = commit(root);
  for (let round = 0; round < 100 * fuzzFactor(); round++) {
    const good = instructions(base, [[fuzz.below(100), 1 + fuzz.below(1000)], Buffer.from('x'), [0, 4500]]);
    const bad = deltaOf(base, mutate(good.delta, fuzz));
    const entries = shuffled([...[wanted, root, base].map(whole), bad], fuzz);
    const fetched = await fuzz.fetch(wanted, answer(pack(entries)));
    if (fetched.result.outcome !== 'finished') assert.match(failureOf(fetched), refusal, `round ${round}`);
    else assert.deepEqual([...fetched.tree], [['base', fileOf(base)]]);
  }
});

test('a tree of any bytes is refused with one line, or has what they say', async (context) => {
  const fuzz = await startFuzz(context);
  const file = blob('text');
  const inner = tree(['100644', 'file', file]);
  const good = tree(
    ['100644', 'a', file],
    ['40000', 'b', inner],
    ['120000', 'c', file],
    ['160000', 'd', inner],
  );
  for (let round = 0; round < 150 * fuzzFactor(); round++) {
    const root = treeOf(mutate(good.content, fuzz));
    const wanted = commit(root);
    const bytes = answer(pack([wanted, root, inner, file].map(whole)));
    const fetched = await fuzz.fetch(wanted, bytes);
    if (fetched.result.outcome !== 'finished') {
      assert.match(failureOf(fetched), refusal, `round ${round}`);
      continue;
    }
    for (const [name, entry] of fetched.tree) {
      assert.ok(!name.split('/').some((part) => ['', '.', '..', '.git'].includes(part)), name);
      const leaf = name.split('/').at(-1);
      assert.ok(leaf === 'file' || root.content.includes(Buffer.from(` ${leaf}\0`)), name);
      if (entry.kind === 'symlink') assert.equal(entry.target, 'text');
      else assert.deepEqual({ ...entry, executable: false }, fileOf(file));
    }
  }
});

test('a .gitmodules of any bytes is refused with one line, or read', async (context) => {
  const fuzz = await startFuzz(context);
  const lines = [
    '# a comment',
    '[submodule "a \\"name\\""]',
    '\tpath = "m"',
    '\turl = ../../\\',
    'x.git ; c',
    '',
  ];
  const good = Buffer.from(lines.join('\n'));
  for (let round = 0; round < 60 * fuzzFactor(); round++) {
    const settings = blob(mutate(good, fuzz));
    const root = tree(['100644', '.gitmodules', settings], ['160000', 'm', settings]);
    const wanted = commit(root);
    const bytes = answer(pack([wanted, root, settings].map(whole)));
    assert.match(
      failureOf(await fuzz.fetch(wanted, bytes, ['git-submodules', ''])),
      refusal,
      `round ${round}`,
    );
  }
});
