import assert from 'node:assert/strict';
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { StorePath } from '../../../src/foundation/index.ts';
import {
  ClosureGraph,
  ClosureSizes,
  type Store,
  chainsBetween,
  compareClosures,
} from '../../../src/store/index.ts';
import { chooseSeed, randomFrom } from '../../support/index.ts';
import { type BuiltFile, addBuilt } from '../built-outputs.ts';
import { diagnosed, temporaryStore } from '../temporary-store.ts';

/** Outputs each of which refers to some of those before it, with files of which many are equal. */
async function makeGraph(store: Store, count: number, random: () => number): Promise<readonly StorePath[]> {
  const paths: StorePath[] = [];
  for (let index = 0; index < count; index++) {
    const references = paths.filter(() => random() < 0.3);
    const files: Record<string, BuiltFile> = { references: references.join('\n'), own: `${index}` };
    for (let file = 0; file < 4; file++) {
      const content = 'x'.repeat(Math.floor(random() * 5) * 1000);
      files[`inner/${file}`] = random() < 0.3 ? { executable: content } : content;
    }
    const { path: built } = await addBuilt(store, `output-${index}`, () => files, references);
    paths.push(built);
  }
  return paths;
}

function filesOn(disk: string): readonly string[] {
  return readdirSync(disk, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

test('sizes are those of the files on disk, of which equal ones are one', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  using place = temporaryStore();
  const { store } = place;
  const paths = await makeGraph(store, 25, randomFrom(seed));
  const graph = ClosureGraph.of(store, paths);
  const sizes = new ClosureSizes(store, graph);
  for (const top of paths) {
    const closure = store.closure([top]);
    const files = closure.flatMap((each) => filesOn(store.materialise(each))).map((file) => lstatSync(file));
    const once = new Map(files.map((status) => [status.ino, status.size]));
    assert.deepEqual(sizes.of(top), {
      closure: files.reduce((sum, { size }) => sum + size, 0),
      onDisk: [...once.values()].reduce((sum, size) => sum + size, 0),
      outputs: closure.length,
    });
  }
  assert.equal(sizes.whole().outputs, 25);
});

/** Every way from one output to another, walked one by one. */
function walkAll(store: Store, from: StorePath, to: StorePath): readonly (readonly StorePath[])[] {
  if (from === to) return [[to]];
  const references = store.get(from)?.references ?? [];
  return references.flatMap((next) => walkAll(store, next, to).map((way) => [from, ...way]));
}

test('chains are those that somebody finds who tries every way', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  using place = temporaryStore();
  const { store } = place;
  const paths = await makeGraph(store, 12, randomFrom(seed));
  let [some, none] = [0, 0];
  for (const from of paths) {
    const graph = ClosureGraph.of(store, [from]);
    for (const to of paths) {
      const ways = walkAll(store, from, to);
      const all = chainsBetween(graph, { from, to }, 'all');
      const shortest = chainsBetween(graph, { from, to }, 'shortest');
      if (ways.length === 0) {
        none++;
        assert.equal(all, undefined);
        assert.equal(shortest, undefined);
        continue;
      }
      some++;
      const length = Math.min(...ways.map((way) => way.length - 1));
      assert.equal(all?.length, length);
      assert.deepEqual(edgesOf(all.next), edgesOf(nextIn(ways)));
      const short = ways.filter((way) => way.length - 1 === length);
      assert.deepEqual(edgesOf(shortest?.next ?? new Map()), edgesOf(nextIn(short)));
    }
  }
  assert.ok(some > 12 && none > 12, `${some} with a chain, ${none} without`);
});

function nextIn(ways: readonly (readonly StorePath[])[]): ReadonlyMap<StorePath, readonly StorePath[]> {
  const next = new Map<StorePath, StorePath[]>();
  for (const way of ways) {
    for (const [index, path] of way.slice(0, -1).entries()) {
      next.set(path, [...(next.get(path) ?? []), way[index + 1] as StorePath]);
    }
  }
  return next;
}

function edgesOf(next: ReadonlyMap<StorePath, readonly StorePath[]>): readonly string[] {
  const edges = [...next].flatMap(([from, all]) => all.map((to) => `${from} ${to}`));
  return [...new Set(edges)].toSorted();
}

test('a closure of what is not there is refused', () => {
  using place = temporaryStore();
  const missing = '/cab/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x' as StorePath;
  assert.throws(() => ClosureGraph.of(place.store, [missing]), diagnosed('CAB5004', /-x/));
});

test('closures are compared by package, and those that differ only in store paths are told', async () => {
  using place = temporaryStore();
  const { store } = place;
  const zlib = await addBuilt(store, 'zlib-1.3', () => ({ lib: 'zlib 1.3' }));
  const newZlib = await addBuilt(store, 'zlib-1.3.1-dev', () => ({ lib: 'zlib 1.3.1!' }));
  const tool = (lib: StorePath) =>
    addBuilt(store, 'tool', (own) => ({ run: `${lib}/lib`, self: own }), [lib]);
  const [old, rebuilt] = [await tool(zlib.path), await tool(newZlib.path)];
  const gone = await addBuilt(store, 'gone-2', () => ({ a: 'bytes' }));
  const come = await addBuilt(store, 'come', () => ({ a: 'more bytes' }));
  const app = (parts: readonly StorePath[], version: string) =>
    addBuilt(store, `app-${version}`, () => ({ parts: parts.join('\n') }), parts);
  const before = await app([old.path, gone.path], '1.0');
  const after = await app([rebuilt.path, come.path], '1.1');
  const changes = compareClosures(
    store,
    ClosureGraph.of(store, [before.path]),
    ClosureGraph.of(store, [after.path]),
  );
  const story = changes.map(({ name, change, before: was, after: is, growth, onlyStorePaths }) => [
    name,
    change,
    was.map((part) => part.version),
    is.map((part) => part.version),
    growth,
    onlyStorePaths,
  ]);
  assert.deepEqual(story, [
    ['app', 'changed', ['1.0'], ['1.1'], after.size - before.size, false],
    ['come', 'added', [], [''], 10, false],
    ['gone', 'removed', ['2'], [], -5, false],
    ['tool', 'changed', [''], [''], rebuilt.size - old.size, true],
    ['zlib', 'changed', ['1.3'], ['1.3.1-dev'], 3, false],
  ]);
  assert.deepEqual(
    compareClosures(store, ClosureGraph.of(store, [before.path]), ClosureGraph.of(store, [before.path])),
    [],
  );
});
