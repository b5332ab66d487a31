import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import {
  type Digest,
  type StorePath,
  digestOf,
  hashPartOf,
  hashPartOfStorePath,
} from '../../src/foundation/index.ts';
import {
  type BuiltTree,
  type OutputRecord,
  ReferenceScanner,
  type Store,
  encodeDirectory,
} from '../../src/store/index.ts';
import { chooseSeed, randomFrom } from '../support/random.ts';
import { bytes, diagnosed, listing, scratchPath, temporaryStore } from './temporary-store.ts';

/** Lets a native build leave something on the store's disk, and takes it in. */
async function build(
  store: Store,
  scratch: StorePath,
  candidates: readonly StorePath[],
  write: (source: string) => void,
): Promise<OutputRecord> {
  using folder = store.temporaryFolder('build');
  const source = path.join(folder.path, 'out');
  write(source);
  const output = await store.addOutput({ source, scratch, name: 'output', candidates });
  store.commit({ outputs: [output] });
  return output;
}

async function findings(store: Store): Promise<string[]> {
  const found: string[] = [];
  for await (const { kind, path: place, detail } of store.verify()) found.push(`${kind} ${place} ${detail}`);
  return found;
}

function writeSample(source: string): void {
  mkdirSync(path.join(source, 'bin'), { recursive: true });
  writeFileSync(path.join(source, 'bin', 'run'), 'program', { mode: 0o700 });
  writeFileSync(path.join(source, 'text'), 'text', { mode: 0o606 });
  symlinkSync('text', path.join(source, 'link'));
}

test('an output of the same content as a local tree has the same tree', async () => {
  using place = temporaryStore();
  const local = path.join(place.work, 'local');
  writeSample(local);
  const output = await build(place.store, scratchPath('a'), [], writeSample);
  assert.equal(output.path, place.store.addLocal(local, 'output'));
  assert.equal(output.size, 11);
  assert.deepEqual(output.references, []);
  assert.deepEqual(await findings(place.store), []);
});

test('references are found in files, link targets and names', async () => {
  using place = temporaryStore();
  const inputs: StorePath[] = [];
  for (const name of ['file', 'link', 'name', 'none']) {
    const source = path.join(place.work, name);
    writeFileSync(source, `input ${name}`);
    inputs.push(place.store.addLocal(source, name));
  }
  const [inFile, inLink, inName] = inputs as [StorePath, StorePath, StorePath];
  const output = await build(place.store, scratchPath('a'), inputs, (source) => {
    mkdirSync(source);
    writeFileSync(path.join(source, 'file'), `see ${inFile}/x`);
    symlinkSync(`${inLink}/x`, path.join(source, 'link'));
    writeFileSync(path.join(source, `for-${hashPartOfStorePath(inName)}`), '');
  });
  assert.deepEqual(output.references, [inFile, inLink, inName].toSorted());
  assert.deepEqual(place.store.closure([output.path]), [...output.references, output.path].toSorted());
});

/** An output that mentions its own path in every way, once across the border of two pieces. */
function writeSelfReferring(source: string, scratch: StorePath): void {
  mkdirSync(path.join(source, 'bin'), { recursive: true });
  writeFileSync(path.join(source, 'bin', 'run'), `#!${scratch}/bin/sh\n# ${scratch}\n`, { mode: 0o755 });
  writeFileSync(
    path.join(source, 'large'),
    Buffer.concat([Buffer.alloc((1 << 20) - 30), bytes(`${scratch}\n`)]),
  );
  writeFileSync(path.join(source, `name-${hashPartOfStorePath(scratch)}`), '');
  symlinkSync(`${scratch}/bin/run`, path.join(source, 'link'));
  writeFileSync(path.join(source, 'plain'), 'plain');
}

test('two builds that differ only in their scratch paths come to lie at the same path', async () => {
  using place = temporaryStore();
  const [a, b] = [scratchPath('a', 'output'), scratchPath('b', 'output')];
  const first = await build(place.store, a, [], (source) => writeSelfReferring(source, a));
  const second = await build(place.store, b, [b], (source) => writeSelfReferring(source, b));
  assert.deepEqual(first, second);
  assert.deepEqual(first.references, [first.path]);
  const real = place.store.materialise(first.path);
  assert.equal(
    readFileSync(path.join(real, 'bin', 'run'), 'utf8'),
    `#!${first.path}/bin/sh\n# ${first.path}\n`,
  );
  assert.equal(readlinkSync(path.join(real, 'link')), `${first.path}/bin/run`);
  assert.ok(readFileSync(path.join(real, 'large')).includes(first.path));
  assert.ok(listing(real).includes(`name-${hashPartOfStorePath(first.path)}`));
  assert.equal(place.store.lookup(first.path, '/link/')?.kind, 'symlink');
  assert.deepEqual(await findings(place.store), []);
  // Nothing of the scratch paths has become a blob.
  const blobs = listing(path.join(place.store.folder, 'blobs')).filter((name) => name.includes('/'));
  for (const name of blobs) {
    const content = readFileSync(path.join(place.store.folder, 'blobs', name));
    assert.ok(!content.includes(hashPartOfStorePath(a)) && !content.includes(hashPartOfStorePath(b)));
  }
});

test('what stands in for mentions of itself cannot be counterfeited', async () => {
  using place = temporaryStore();
  const scratch = scratchPath('a');
  const hashPart = hashPartOfStorePath(scratch);
  const [honest, counterfeit] = [`${hashPart} ${hashPart}`, `${hashPart} ${'0'.repeat(52)}`];
  const first = await build(place.store, scratch, [], (source) => writeFileSync(source, honest));
  const second = await build(place.store, scratch, [], (source) => writeFileSync(source, counterfeit));
  assert.notEqual(first.path, second.path);
});

function mentioningText(scratch: StorePath): Uint8Array {
  return bytes(`see ${scratch} twice: ${scratch}`);
}

test('a program of WebAssembly gives the same output as a native one', async () => {
  using place = temporaryStore();
  const { store } = place;
  const [a, b] = [scratchPath('a', 'output'), scratchPath('b', 'output')];
  const native = await build(store, a, [], (source) => {
    mkdirSync(source);
    writeFileSync(path.join(source, 'file'), mentioningText(a));
  });
  const scanner = new ReferenceScanner([hashPartOfStorePath(b)]);
  const file = { name: 'file', ...store.blobs.put(mentioningText(b), scanner), executable: false };
  const encoding = encodeDirectory({ files: [file], directories: [], symlinks: [] });
  const built = {
    root: digestOf(encoding),
    encodings: [encoding],
    scratch: b,
    name: 'output',
    references: scanner.found(),
    candidates: [],
  };
  assert.deepEqual(store.addTree(built), native);
  const mentioning = scanner.blobsWith(hashPartOfStorePath(b));
  assert.deepEqual(store.addTree({ ...built, mentioning }), native);
});

test('a tree without references is placed by its digest', () => {
  using place = temporaryStore();
  const { store } = place;
  const file = { name: 'file', ...store.blobs.put(bytes('text')), executable: false };
  const inner = encodeDirectory({ files: [file], directories: [], symlinks: [] });
  const child = { name: 'folder', digest: digestOf(inner), size: inner.length };
  const outer = encodeDirectory({
    files: [],
    directories: [child, { ...child, name: 'again' }],
    symlinks: [],
  });
  const root = digestOf(outer);
  const output = store.addTree({
    root,
    encodings: [inner, outer],
    name: 'n',
    references: new Set(),
    candidates: [],
  });
  assert.equal(hashPartOfStorePath(output.path), hashPartOf(root));
  assert.deepEqual([output.tree, output.size, output.references], [root, 8, []]);
});

test('modes and links of a build do not matter, and later writes through a second name reach no blob', async () => {
  using place = temporaryStore();
  const outside = path.join(place.store.folder, 'temporary', 'outside');
  writeFileSync(outside, 'shared');
  const output = await build(place.store, scratchPath('a'), [], (source) => {
    mkdirSync(path.join(source, 'sealed'), { recursive: true });
    linkSync(outside, path.join(source, 'sealed', 'file'));
    writeFileSync(path.join(source, 'sealed', 'secret'), 'secret', { mode: 0o000 });
    chmodSync(path.join(source, 'sealed'), 0o500);
  });
  writeFileSync(outside, 'changed');
  const real = place.store.materialise(output.path);
  assert.equal(readFileSync(path.join(real, 'sealed', 'file'), 'utf8'), 'shared');
  assert.equal(readFileSync(path.join(real, 'sealed', 'secret'), 'utf8'), 'secret');
  assert.deepEqual(await findings(place.store), []);
});

test('an output may be a link', async () => {
  using place = temporaryStore();
  const scratch = scratchPath('a');
  const output = await build(place.store, scratch, [], (source) => symlinkSync('/somewhere', source));
  assert.deepEqual(place.store.lookup(output.path, '/'), { kind: 'symlink', target: '/somewhere' });
  assert.equal(readlinkSync(place.store.materialise(output.path)), '/somewhere');
  assert.deepEqual(await findings(place.store), []);
});

test('a socket in an output is an error that names it', async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'out');
  mkdirSync(source);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path.join(source, 'socket'), resolve));
  try {
    const output = place.store.addOutput({
      source,
      scratch: scratchPath('a'),
      name: 'output',
      candidates: [],
    });
    await assert.rejects(output, diagnosed('CAB5005', /output\/socket.*socket/));
    assert.throws(() => place.store.addLocal(source, 'x'), diagnosed('CAB5005', /socket/));
  } finally {
    server.close();
  }
});

test(
  'a name that is no UTF-8 is an error that says so',
  { skip: process.platform !== 'linux' && 'only Linux has such names' },
  () => {
    using place = temporaryStore();
    const source = path.join(place.work, 'source');
    mkdirSync(source);
    writeFileSync(Buffer.concat([bytes(`${source}/bad`), Buffer.from([0xff])]), '');
    assert.throws(() => place.store.addLocal(source, 'x'), diagnosed('CAB5005', /UTF-8/));
  },
);

test('of an output of many files two threads find what one finds', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const contents = Array.from({ length: 700 }, (_, index) => `${index} ${'x'.repeat(random() * 20_000)}`);
  const mentioned = new Set([13, 300, 650]);
  const selfMentioning = new Set([0, 350, 699]);
  using place = temporaryStore();
  const inputs: StorePath[] = [];
  for (const name of ['a', 'b', 'c', 'unused']) {
    inputs.push((await build(place.store, scratchPath(name), [], (file) => writeFileSync(file, name))).path);
  }
  const write = (scratch: StorePath) => (source: string) => {
    for (const [index, content] of contents.entries()) {
      const file = path.join(source, `${index % 13}`, `${index}`);
      mkdirSync(path.dirname(file), { recursive: true });
      const input = mentioned.has(index) ? inputs[[...mentioned].indexOf(index)] : '';
      writeFileSync(file, `${content}${input}${selfMentioning.has(index) ? scratch : ''}`);
      if (index % 5 === 0) chmodSync(file, 0o755);
    }
  };
  const [first, second] = [scratchPath('first'), scratchPath('second')];
  const output = await build(place.store, first, inputs, write(first));
  assert.deepEqual(output.references, [...inputs.slice(0, 3), output.path].toSorted());
  // What the build was called leaves no trace.
  assert.deepEqual(await build(place.store, second, inputs, write(second)), output);
  for (const index of [0, 1, 350, 699]) {
    const entry = place.store.lookup(output.path, `/${index % 13}/${index}`);
    assert.ok(entry?.kind === 'file');
    assert.equal(entry.executable, index % 5 === 0);
    const self = selfMentioning.has(index) ? output.path : '';
    assert.equal(Buffer.from(place.store.blobs.read(entry.digest)).toString(), `${contents[index]}${self}`);
  }
  assert.deepEqual(await findings(place.store), []);
});

test('a tree that mentions another output of its build and itself is the same wherever both were built', async () => {
  using place = temporaryStore();
  const { store } = place;
  const build = (seed: string): readonly OutputRecord[] => {
    const [own, other] = [scratchPath(`${seed} own`, 'user'), scratchPath(`${seed} other`, 'leaf')];
    const leaf = store.prepareTree(
      treeOf(store, { name: 'leaf', text: 'leaf', scratch: other, others: [own] }),
    );
    const text = `${other}/x ${own}/y ${other}`;
    const user = store.prepareTree(treeOf(store, { name: 'user', text, scratch: own, others: [other] }));
    assert.ok(user.mentions.has(hashPartOfStorePath(other)));
    const first = leaf.add(new Map());
    const second = user.add(new Map([[other, first.path]]));
    store.commit({ outputs: [first, second] });
    return [first, second];
  };
  const [leaf, user] = build('one');
  assert.deepEqual(build('two'), [leaf, user]);
  assert.ok(leaf !== undefined && user !== undefined);
  assert.deepEqual(new Set(user.references), new Set([leaf.path, user.path]));
  const file = store.getTree(user.tree).files[0];
  assert.equal(
    Buffer.from(store.blobs.read(file?.digest as Digest)).toString(),
    `${leaf.path}/x ${user.path}/y ${leaf.path}`,
  );
  assert.deepEqual(await findings(store), []);
});

/** A tree with one file whose blob is in the store, as a program leaves it that wrote it there. */
function treeOf(
  store: Store,
  options: {
    readonly name: string;
    readonly text: string;
    readonly scratch: StorePath;
    readonly others: readonly StorePath[];
  },
): BuiltTree {
  const { name, text, scratch, others } = options;
  const scanner = new ReferenceScanner([scratch, ...others].map(hashPartOfStorePath));
  const { digest, size } = store.blobs.put(bytes(text), scanner);
  const file = { name: 'file', digest, size, executable: false };
  const encoding = encodeDirectory({ files: [file], directories: [], symlinks: [] });
  const references = scanner.found();
  return { root: digestOf(encoding), encodings: [encoding], name, scratch, references, candidates: others };
}
