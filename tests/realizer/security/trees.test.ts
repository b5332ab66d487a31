import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { type MessageInitShape, create, toBinary } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import {
  ActionSchema,
  CommandSchema,
  ContentAddressableStorage,
  type Digest,
  type DigestFunctionName,
  DigestFunction_Value,
  DigestSchema,
  DirectorySchema,
  Realizer,
} from '../../../src/realizer/protocol/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/index.ts';
import { ExecutionRig } from '../server/support/execution-rig.ts';
import { Attacked } from './support/attacked.ts';
import { mutated, pick, randomBytes } from './support/random-message.ts';

type DirectoryInit = MessageInitShape<typeof DirectorySchema>;

const empty = digestMessage(new Uint8Array(0));
const file = (name: string) => ({ files: [{ name, digest: empty }] });
const link = (name: string, target: string) => ({ symlinks: [{ name, target }] });

/** What no directory may hold, each with a word on it. */
const tricks: readonly (readonly [string, DirectoryInit])[] = [
  ['a name that leads up', file('..')],
  ['a name of the folder itself', file('.')],
  ['no name', file('')],
  ['an absolute name', file('/etc/cab-was-here')],
  ['a name with a way in it', file('a/b')],
  ['a name with a way up in it', file('a/../../b')],
  ['a name with a NUL', file('a\0b')],
  ['a name that is too long', file('n'.repeat(256))],
  ['a name that is far too long', file('n'.repeat(100_000))],
  [
    'a name twice',
    {
      files: [
        { name: 'a', digest: empty },
        { name: 'a', digest: empty },
      ],
    },
  ],
  ['a file and a link of one name', { ...file('a'), ...link('a', '/etc') }],
  [
    'a link and a directory of one name',
    { ...link('a', '/etc'), directories: [{ name: 'a', digest: empty }] },
  ],
  ['a link that leads nowhere', link('a', '')],
  ['a link with a NUL', link('a', 'b\0c')],
  ['a link that is too long', link('a', 'b/'.repeat(4000))],
  ['a directory that leads up', { directories: [{ name: '..', digest: empty }] }],
  ['a file without a digest', { files: [{ name: 'a' }] }],
  [
    'a file whose hash is none',
    { files: [{ name: 'a', digest: { hash: '../../etc/passwd', sizeBytes: 1n } }] },
  ],
  ['a file of a negative size', { files: [{ name: 'a', digest: { hash: empty.hash, sizeBytes: -1n } }] }],
  [
    'a file of a size beyond numbers',
    { files: [{ name: 'a', digest: { hash: empty.hash, sizeBytes: 2n ** 63n - 1n } }] },
  ],
  [
    'a file of another size than it has',
    { files: [{ name: 'a', digest: { hash: empty.hash, sizeBytes: 7n } }] },
  ],
];

/** Directories that hold each other twice, over and over: a few bytes that stand for more files than there are atoms. The root is the last. */
function bomb(levels: number): readonly Uint8Array[] {
  const encodings = [toBinary(DirectorySchema, create(DirectorySchema, file('f')))];
  for (let level = 0; level < levels; level++) {
    const digest = digestMessage(encodings.at(-1) ?? new Uint8Array(0));
    const directories = [
      { name: 'a', digest },
      { name: 'b', digest },
    ];
    encodings.push(toBinary(DirectorySchema, create(DirectorySchema, { directories })));
  }
  return encodings;
}

function digestMessage(content: Uint8Array): Digest {
  return create(DigestSchema, { hash: digestOf(content), sizeBytes: BigInt(content.length) });
}

/** Uploads contents; answers the digest of the last one. */
async function put(
  client: Client<typeof ContentAddressableStorage>,
  ...contents: readonly Uint8Array[]
): Promise<Digest> {
  const requests = contents.map((data) => ({ digest: digestMessage(data), data: Uint8Array.from(data) }));
  const { responses } = await client.batchUpdateBlobs({
    requests,
    digestFunction: DigestFunction_Value.BLAKE3,
  });
  assert.ok(responses.every(({ status }) => status?.code === 0));
  return digestMessage(contents.at(-1) as Uint8Array);
}

/** The status with which an action with this input root is refused. */
async function refusalOf(
  rig: ExecutionRig,
  inputRootDigest: Digest,
  name: DigestFunctionName,
): Promise<number> {
  const action = await rig.uploadMessage(
    ActionSchema,
    {
      commandDigest: await rig.uploadMessage(CommandSchema, { arguments: ['/bin/true'] }, name),
      inputRootDigest,
    },
    name,
  );
  try {
    const { response } = await rig.client().execute(action, {}, name);
    return response.status?.code ?? 0;
  } catch (error) {
    return ConnectError.from(error).code;
  }
}

const refusals: readonly number[] = [Code.InvalidArgument, Code.FailedPrecondition];

test('an input root with a trick in it is refused, wherever in it', async () => {
  await using rig = await ExecutionRig.create();
  for (const [what, init] of tricks) {
    const directory = await rig.uploadMessage(DirectorySchema, init, 'blake3');
    const outer = await rig.uploadMessage(
      DirectorySchema,
      { directories: [{ name: 'd', digest: directory }] },
      'blake3',
    );
    for (const root of [directory, outer])
      assert.ok(refusals.includes(await refusalOf(rig, root, 'blake3')), `${what} was taken`);
  }
  assert.ok(!existsSync('/etc/cab-was-here'));
});

test('an input root that is a bomb is refused before it is made', { timeout: 60_000 }, async () => {
  await using rig = await ExecutionRig.create();
  for (const levels of [30, 60, 200, 2000]) {
    let root = empty;
    for (const encoding of bomb(levels)) root = await rig.upload(encoding, 'blake3');
    const startedMs = performance.now();
    assert.equal(await refusalOf(rig, root, 'blake3'), Code.InvalidArgument, `${levels} levels`);
    assert.ok(performance.now() - startedMs < 10_000, `${levels} levels`);
  }
});

test(
  'an output with a trick in it is not recorded, nor one that is a bomb',
  { timeout: 60_000 },
  async (t) => {
    const attacked = await Attacked.start(t);
    const content = attacked.running.client(ContentAddressableStorage, 'all');
    const realizer = attacked.running.client(Realizer, 'all');
    const add = async (tree: Digest, size = 0n): Promise<string> => {
      const path = storePath(hashPartOf(tree.hash as Parameters<typeof hashPartOf>[0]), 'x');
      try {
        const answer = await realizer.addOutputs({ outputs: [{ path, tree, size, references: [] }] });
        return answer.missingBlobs.length + answer.missingDirectories.length > 0 ? 'missing' : 'added';
      } catch (error) {
        return Code[ConnectError.from(error).code];
      }
    };
    assert.equal(
      await add(await put(content, toBinary(DirectorySchema, create(DirectorySchema, file('fine'))))),
      'added',
    );
    for (const [what, init] of tricks) {
      // An output that is one file has it without a name.
      if (what === 'no name') continue;
      const tree = await put(content, toBinary(DirectorySchema, create(DirectorySchema, init)));
      assert.notEqual(await add(tree), 'added', `${what} was recorded`);
    }
    for (const levels of [60, 2000])
      assert.equal(await add(await put(content, ...bomb(levels))), 'InvalidArgument', `${levels} levels`);
    assert.deepEqual(attacked.faults, []);
    await attacked.serves();
  },
);

test('a tree that is a bomb is told with each directory once', { timeout: 60_000 }, async (t) => {
  const attacked = await Attacked.start(t);
  const content = attacked.running.client(ContentAddressableStorage, 'all');
  const rootDigest = await put(content, ...bomb(60));
  let directories = 0;
  for await (const page of content.getTree({ rootDigest, digestFunction: DigestFunction_Value.BLAKE3 }))
    directories += page.directories.length;
  assert.equal(directories, 61);
});

test(
  'actions, commands and directories that are anything come to an end',
  { timeout: 3_000_000 },
  async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    await using rig = await ExecutionRig.create({ longestMs: 2000 });
    const name = 'blake3';
    const maybe = (bytes: Uint8Array): Uint8Array => (random() < 0.3 ? mutated(bytes, random) : bytes);
    const properties = [
      'cab-name',
      'cab-fix',
      'cab-output',
      'cab-feature',
      'cab-pin',
      'cab-fixed',
      'OSFamily',
      'container-image',
    ];
    for (let round = 0; round < 60 * fuzzFactor(); round++) {
      const directory = await rig.upload(maybe(randomBytes(DirectorySchema, random)), name);
      const known = {
        name: pick(random, properties),
        value: pick(random, ['x', 'self', 'none', 'fixed', 'out', 'wasm', 'git:a', '..']),
      };
      const command =
        random() < 0.5
          ? randomBytes(CommandSchema, random)
          : toBinary(
              CommandSchema,
              create(CommandSchema, {
                arguments: [pick(random, ['/bin/true', '/cab/store/x', '../../bin/sh', ''])],
                workingDirectory: pick(random, ['', 'build', '..', '/', 'a/b']),
                outputPaths: [pick(random, ['out', '..', '/etc', 'a/../b', ''])],
                platform: { properties: [known, { name: 'cab-name', value: 'x' }] },
              }),
            );
      const action = toBinary(
        ActionSchema,
        create(ActionSchema, {
          commandDigest: await rig.upload(maybe(command), name),
          inputRootDigest: directory,
          timeout: {
            seconds: pick(random, [0n, 1n, -1n, 2n ** 62n]),
            nanos: pick(random, [0, -1, 2 ** 31 - 1]),
          },
        }),
      );
      const digest = await rig.upload(maybe(action), name);
      // Whatever it comes to: the rig tells of mistakes that the server has made.
      await rig
        .client()
        .execute(digest, {}, name)
        .catch((error: unknown) => ConnectError.from(error));
      assert.deepEqual(
        rig.events
          .filter(({ type }) => type === 'fault')
          .map((event) => 'error' in event && String(event.error)),
        [],
        `round ${round} of seed ${seed}`,
      );
    }
  },
);
