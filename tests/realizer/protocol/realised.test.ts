import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Digest, digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import type { RealizeFailure } from '../../../src/realizer/index.ts';
import {
  type DerivationResult,
  type RealisedElsewhere,
  RealisedSchema,
  Realised_How,
  realisedMessageOf,
  realisedOfMessage,
} from '../../../src/realizer/protocol/index.ts';
import type { OutputRecord } from '../../../src/store/index.ts';

function recordOf(name: string, references: readonly OutputRecord[] = []): OutputRecord {
  const tree = digestOf(name);
  return {
    path: storePath(hashPartOf(tree), name),
    tree,
    size: name.length,
    references: references.map(({ path }) => path),
  };
}

const library = recordOf('library');
const program = recordOf('program', [library]);
const records = new Map([library, program].map((record) => [record.path, record]));

const look = {
  recordOf: (path: OutputRecord['path']) => records.get(path),
  rootOf: ({ path }: OutputRecord) => new Uint8Array(path === program.path ? 100 : 200),
};

/** Over the wire and back. */
function sent(result: DerivationResult, identity = ''): RealisedElsewhere | undefined {
  const bytes = toBinary(RealisedSchema, realisedMessageOf(result, look, identity));
  return realisedOfMessage(fromBinary(RealisedSchema, bytes));
}

test('what was realized comes over with the records of its outputs, its pins and what its program saw', () => {
  const result: DerivationResult = {
    outcome: 'realized',
    how: 'known',
    outputs: { out: program.path, lib: library.path },
    pins: { git: '3f2c', cab: hashPartOf(program.tree) },
  };
  assert.deepEqual(sent(result, 'tools-of-a-machine'), {
    result,
    records: { out: program, lib: library },
    roots: { out: { treeSize: 100, root: new Uint8Array(100) }, lib: { treeSize: 200 } },
    identity: 'tools-of-a-machine',
  });
});

test('what was made once more comes over with its records, and without what only its own store can say of its parts', () => {
  const result: DerivationResult = { outcome: 'repeated', outputs: { out: library }, contents: [] };
  assert.deepEqual(sent(result)?.result, result);
});

test('a failure comes over with its diagnostic and how the program ended', () => {
  const failure: RealizeFailure = {
    outcome: 'failed',
    diagnostic: {
      code: 'CAB4002',
      severity: 'error',
      message: "the builder of 'tool' failed: exit code 2",
      notes: ['the end of its log:\nno such file'],
      hint: 'the whole log: cab log x',
    },
    program: {
      exitCode: 2,
      lastLine: 'no such file',
      request: {
        kind: 'status',
        url: 'https://example.org/x',
        detail: '404',
        status: 404,
        server: { host: 'example.org', credentials: 'none' },
      },
    },
  };
  assert.deepEqual(sent(failure)?.result, failure);
});

test('places of a diagnostic become notes, since the texts that they are in are not here', () => {
  const source = { name: 'default.cab', text: 'a b' };
  const primary = { span: { source, start: 2, end: 3 }, message: 'required here' };
  const told = { code: 'CAB4007', severity: 'error', message: 'not well formed', primary } as const;
  assert.deepEqual(sent({ outcome: 'failed', diagnostic: told })?.result, {
    outcome: 'failed',
    diagnostic: {
      code: 'CAB4007',
      severity: 'error',
      message: 'not well formed',
      notes: ['default.cab:1:3: required here'],
    },
  });
});

test('a code that this Cab does not know stands in the message', () => {
  const failure = { diagnostic: '{"code":"CAB4999","severity":"error","message":"out of luck"}' };
  const message = create(RealisedSchema, { how: Realised_How.FAILED, failure });
  assert.deepEqual(realisedOfMessage(message)?.result, {
    outcome: 'failed',
    diagnostic: { code: 'CAB4030', severity: 'error', message: 'CAB4999: out of luck' },
  });
});

test('what is malformed is no result', () => {
  const output = { path: library.path, tree: { hash: library.tree, sizeBytes: 9n }, size: 1n };
  const malformed = [
    {},
    { how: Realised_How.FAILED },
    { how: Realised_How.FAILED, failure: { diagnostic: 'no JSON' } },
    { how: Realised_How.FAILED, failure: { diagnostic: '{}' } },
    { how: Realised_How.BUILT, outputs: [{ name: 'out' }] },
    { how: Realised_How.BUILT, outputs: [{ name: 'out', output: { ...output, path: '/etc/passwd' } }] },
    { how: Realised_How.BUILT, outputs: [{ name: 'out', output: { ...output, size: -1n } }] },
    {
      how: Realised_How.BUILT,
      outputs: [{ name: 'out', output: { ...output, tree: { hash: '00' as Digest } } }],
    },
    { how: Realised_How.BUILT, outputs: [{ name: 'out', output: { ...output, references: ['x'] } }] },
    {
      how: Realised_How.BUILT,
      outputs: [
        { name: 'out', output },
        { name: 'out', output },
      ],
    },
    { how: Realised_How.BUILT, outputs: [{ name: 'out', output }], pins: ['no claim'] },
  ];
  for (const message of malformed) {
    assert.equal(realisedOfMessage(create(RealisedSchema, message)), undefined, JSON.stringify(message.how));
  }
});
