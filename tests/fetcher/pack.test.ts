import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { randomFrom } from '../support/index.ts';
import { serveAnswers } from './support/answers.ts';
import { FetchRig, type Fetched, failureOf } from './support/fetch-rig.ts';
import {
  type GitObject,
  answer,
  blob,
  commit,
  delta,
  deltaOf,
  instructions,
  pack,
  seal,
  tree,
  whole,
} from './support/pack.ts';

/** Answers a function that fetches a commit from a server which has just this answer. */
async function withAnswers(
  context: TestContext,
  memoryLimit?: number,
): Promise<(wanted: GitObject, body: Buffer) => Promise<Fetched>> {
  const rig = await FetchRig.create(context, memoryLimit);
  const answers: Buffer[] = [];
  const url = await serveAnswers(context, answers);
  return (wanted, body) => {
    answers[0] = body;
    const id = wanted.id.toString('hex');
    return rig.run(['git', url, id, ''], { git: id });
  };
}

/** Texts of which each differs a little from the one before. */
const texts = Array.from({ length: 20 }, (_, index) =>
  blob(`${'the same line\n'.repeat(100 - index)}${index}\n`),
);
const root = tree(...texts.map((text, index) => ['100644', String.fromCharCode(97 + index), text] as const));
const head = commit(root);
const chain = texts.map((text, index) =>
  index === 0 ? whole(text) : delta(texts[index - 1] as GitObject, text),
);
const entries = [whole(head), whole(root), ...chain];

test('deltas that name their base by id may come before it', async (context) => {
  const fetch = await withAnswers(context);
  const expected = (await fetch(head, answer(pack([head, root, ...texts].map(whole))))).tree;
  assert.equal(expected.size, texts.length);
  for (const packetLength of [1, 77, 60_000]) {
    assert.deepEqual((await fetch(head, answer(pack(entries), packetLength))).tree, expected);
    assert.deepEqual((await fetch(head, answer(pack(entries.toReversed()), packetLength))).tree, expected);
  }
});

test('a pack that lacks an object, or says what is not so, is refused', async (context) => {
  const fetch = await withAnswers(context);
  const good = pack(entries);
  const bad: readonly (readonly [Buffer, RegExp])[] = [
    [pack(entries.slice(1)), /^12: the pack lacks the object/],
    [pack(entries.slice(0, -1)), /^12: the pack lacks the object/],
    [pack(entries.filter((_, index) => index !== 2)), /^12: a delta in the pack has no base/],
    [pack(entries, entries.length - 1), /^12: the pack has another hash/],
    [pack(entries, entries.length + 1), /^12: /],
    [pack(entries, 2 ** 32 - 1), /^17: there are more than four million objects/],
    [good.subarray(0, 100), /^12: the data is truncated/],
    [Buffer.concat([good, Buffer.of(0)]), /^12: the pack is followed by something else/],
    [pack([...entries, deltaOf(root, Buffer.of(1, 1, 0x90, 1))]), /^12: a delta in the pack is corrupt/],
  ];
  for (const [bytes, message] of bad) assert.match(failureOf(await fetch(head, answer(bytes))), message);
});

test('names and kinds that no output may have are refused', async (context) => {
  const fetch = await withAnswers(context);
  const text = blob('text');
  const forbidden: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['100644', '..', '13'],
    ['40000', '.', '13'],
    ['40000', '.git', '13'],
    ['100644', 'a/b', '13'],
    ['100644', '', '13'],
    ['100644', Buffer.of(0xff), '13'],
    ['170000', 'a', '12'],
    ['40000', 'a', '12'],
  ];
  for (const [mode, name, code] of forbidden) {
    const bad = tree([mode, name, text]);
    const wanted = commit(bad);
    const failure = failureOf(await fetch(wanted, answer(pack([wanted, bad, text].map(whole)))));
    assert.equal(failure.split(':')[0], code, failure);
  }
  const twice = tree(['120000', 'a', text], ['100644', 'a', text]);
  const wanted = commit(twice);
  const failure = failureOf(await fetch(wanted, answer(pack([wanted, twice, text].map(whole)))));
  assert.equal(failure, '13: a tree has two entries of the name a');
});

test('a submodule is an empty directory', async (context) => {
  const fetch = await withAnswers(context);
  const outer = tree(['160000', 'module', head]);
  const wanted = commit(outer);
  const { result, tree: fetched } = await fetch(wanted, answer(pack([wanted, outer].map(whole))));
  assert.equal(result.outcome, 'finished');
  assert.equal(fetched.size, 0);
});

test('trees that multiply, or go down without end, come to a limit', async (context) => {
  const fetch = await withAnswers(context);
  for (const { names, levels, message } of [
    { names: 'abcdefghij', levels: 12, message: /^17: the tree has more than four million entries/ },
    { names: 'a', levels: 3000, message: /^17: the tree is too deep/ },
  ]) {
    let inner = blob('x');
    const objects = [inner];
    for (let level = 0; level < levels; level++) {
      const mode = level === 0 ? '100644' : '40000';
      const below = inner;
      inner = tree(...Array.from(names, (name) => [mode, name, below] as const));
      objects.push(inner);
    }
    const wanted = commit(inner);
    const failure = failureOf(await fetch(wanted, answer(pack([wanted, ...objects].map(whole)))));
    assert.match(failure, message);
  }
});

test('large blobs, and deltas of them, take little memory', async (context) => {
  const fetch = await withAnswers(context, 32 * 2 ** 20);
  const line = Buffer.from('Of text that repeats there can be much.\n');
  const large = blob(Buffer.alloc(50_000_000, line));
  const edited = instructions(large, [
    [0, 20_000_000],
    Buffer.from('something new'),
    [10_000_000, 40_000_000],
    [0, 100],
  ]);
  const second = blob(edited.result);
  const shortened = instructions(second, [[19_999_990, 30], [5, 100_000], Buffer.from('end')]);
  const small = blob(shortened.result);
  const lengthened = instructions(
    small,
    Array.from({ length: 500 }, () => [0, 100_000] as const),
  );
  const third = blob(lengthened.result);
  const tiny = blob('tiny');
  const wide = tree(
    ...Array.from({ length: 40_000 }, (_, index) => ['100644', `file-${index}`, tiny] as const),
  );
  const outer = tree(
    ['100644', 'large', large],
    ['100644', 'second', second],
    ['100644', 'small', small],
    ['100644', 'third', third],
    ['40000', 'wide', wide],
  );
  const wanted = commit(outer);
  const deltas = [
    deltaOf(small, lengthened.delta),
    deltaOf(large, edited.delta),
    deltaOf(second, shortened.delta),
  ];
  const start = [wanted, outer, wide, tiny].map(whole);
  const entries = [...start, deltas[0] as Buffer, whole(large), deltas[1] as Buffer, deltas[2] as Buffer];
  const fetched = await fetch(wanted, answer(pack(entries), 60_000));
  assert.deepEqual(fetched.log, []);
  assert.equal(fetched.tree.size, 40_004);
  for (const [name, { content }] of Object.entries({ large, second, small, third })) {
    const sha256 = createHash('sha256').update(content).digest('hex');
    assert.deepEqual(fetched.tree.get(name), { kind: 'file', executable: false, sha256 });
  }
});

test('a damaged answer ends in an exit code with one line, or in the very same tree', async (context) => {
  const fetch = await withAnswers(context);
  const random = randomFrom(1);
  const small = [head, root, ...texts.slice(0, 3)].map(whole).concat(chain.slice(3));
  const good = pack(small);
  const expected = (await fetch(head, answer(good))).tree;
  for (let round = 0; round < 200; round++) {
    const inPack = round % 2 === 0;
    const bytes = Buffer.from(inPack ? good.subarray(0, -20) : answer(good));
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
    const fetched = await fetch(head, inPack ? answer(seal(bytes)) : bytes);
    if (fetched.result.outcome === 'finished') assert.deepEqual(fetched.tree, expected);
    else
      assert.match(
        failureOf(fetched),
        /^1[2-8]: (the server gives no parts[^\n]+\n)?[^\n]+$/,
        `round ${round}`,
      );
  }
});
