import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Digest, digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import {
  type EncodedInput,
  type InputNode,
  type ReadInputRoot,
  inputRootOf,
  outputNodeOf,
  readInputRoot,
} from '../../../src/realizer/protocol/index.ts';
import { type Directory, encodeDirectory } from '../../../src/store/index.ts';

const empty: Directory = { files: [], directories: [], symlinks: [] };
const blob = { digest: digestOf('a blob'), size: 6 };

function inputOf(name: string, directory: Directory): InputNode {
  const encoding = encodeDirectory(directory);
  return { path: storePath(hashPartOf(digestOf(encoding)), name), node: outputNodeOf(encoding) };
}

const inputs = [
  inputOf('folder', { ...empty, files: [{ name: 'a', ...blob, executable: false }] }),
  inputOf('program', { ...empty, files: [{ name: '', ...blob, executable: true }] }),
  inputOf('link', { ...empty, symlinks: [{ name: '', target: '../elsewhere' }] }),
];

function read(encoded: readonly EncodedInput[], root = encoded[0]): Promise<ReadInputRoot> {
  const byDigest = new Map<Digest, Uint8Array>(encoded.map(({ digest, encoding }) => [digest, encoding]));
  const { digest, encoding } = root as EncodedInput;
  return readInputRoot({ digest, size: encoding.length }, async (each) => byDigest.get(each.digest));
}

test('a folder, a single file and a single link are inputs, each as what it is', async () => {
  assert.deepEqual(
    inputs.map(({ node }) => node.kind),
    ['directory', 'file', 'symlink'],
  );
  const found = await read(inputRootOf(inputs));
  assert.ok(found.ok);
  assert.deepEqual(new Set(found.inputs), new Set(inputs));
});

test('the order of inputs makes no other input root', () => {
  assert.deepEqual(inputRootOf(inputs.toReversed()), inputRootOf(inputs));
});

test('a derivation without inputs has an input root too', async () => {
  assert.deepEqual(await read(inputRootOf([])), { ok: true, inputs: [] });
});

test('a directory of it that is not there is named', async () => {
  const [root, , last] = inputRootOf(inputs);
  const { digest, encoding } = last as EncodedInput;
  const found = await read(inputRootOf(inputs).slice(0, 2), root);
  assert.deepEqual(found, { ok: false, missing: { digest, size: encoding.length } });
});

test('an input root that holds something else is none of a derivation', async () => {
  const other = encodeDirectory({ ...empty, files: [{ name: 'main.c', ...blob, executable: false }] });
  assert.deepEqual(await read([{ digest: digestOf(other), encoding: other }]), {
    ok: false,
    fault: "its input root holds something else than 'cab/store'",
  });
});

test('an input whose name is none of an output is refused', async () => {
  const [root, cab, folder] = inputRootOf([
    { ...(inputs[0] as InputNode), path: '/cab/store/main.c' as InputNode['path'] },
  ]);
  assert.deepEqual(await read([root, cab, folder] as EncodedInput[]), {
    ok: false,
    fault: "its input 'main.c' has not the name of an output",
  });
});
