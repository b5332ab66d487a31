import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Store } from '../../../src/store/index.ts';
import { filesIn } from '../corruption/damage.ts';
import { type Place, makePlace } from '../place.ts';
import type { Report } from '../report.ts';
import { cabNow, commandScenario, writeProject } from './command.ts';
import { putText, writeTree } from './content.ts';
import type { Scenario } from './scenario.ts';

/** Each output that a command printed the path of, a line each. */
function printedOutputs({ stdout }: { readonly stdout: string }): readonly Report[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => ({ kind: 'output', path: line }));
}

/** `cab store add`: a folder is taken in. */
const add = commandScenario({
  name: 'add',
  words: () => ['store', 'add', './tree'],
  prepare: ({ work }) => writeTree(path.join(work, 'tree'), 'added'),
  reportsIn: printedOutputs,
});

/** `cab store import`: an archive of what another store has built. */
const importing = commandScenario({
  name: 'import',
  words: () => ['store', 'import', 'archive.cabs'],
  prepare: ({ work }) => {
    using other = makePlace();
    writeProject(other);
    cabNow(other, 'build');
    cabNow(other, 'store', 'export', '--output', path.join(work, 'archive.cabs'), './result');
  },
  reportsIn: printedOutputs,
});

/** `cab store export`: an archive is either there and whole, or not there. */
const exporting = commandScenario({
  name: 'export',
  words: () => ['store', 'export', '--output', 'archive.cabs', './result'],
  prepare: (place) => {
    writeProject(place);
    cabNow(place, 'build');
    cabNow(place, 'store', 'export', '--output', path.join(place.folder, 'expected.cabs'), './result');
  },
  reportsIn: () => [],
  kept: (place) => {
    assertSameArchive(place, { mayBeMissing: true });
    return [];
  },
  assertDone: (place) => assertSameArchive(place, { mayBeMissing: false }),
});

function assertSameArchive(
  { folder, work }: Place,
  { mayBeMissing }: { readonly mayBeMissing: boolean },
): void {
  const archive = path.join(work, 'archive.cabs');
  if (mayBeMissing && !existsSync(archive)) return;
  assert.deepEqual(readFileSync(archive), readFileSync(path.join(folder, 'expected.cabs')));
}

const keptFile = 'kept.json';

/** `cab store gc`: a project's result stays, and what nobody has used for long goes. */
const collection = commandScenario({
  name: 'gc',
  words: () => ['store', 'gc'],
  prepare: (place) => {
    writeProject(place);
    cabNow(place, 'build');
    const closure = cabNow(place, 'store', 'path-info', '--closure', '--json', './result');
    writeFileSync(path.join(place.work, keptFile), closure);
    addDead(place);
    makeOld(place);
  },
  reportsIn: () => [],
  kept: ({ work }) => {
    const closure = JSON.parse(readFileSync(path.join(work, keptFile), 'utf8')) as { path: string }[];
    return closure.map(({ path: output }) => ({ kind: 'output', path: output }));
  },
  assertDone: ({ store: folder }) => {
    const store = Store.open(folder);
    assert.equal(store.has(deadOutput(store).path), false, 'what nobody needs is still there');
    store.close();
    assert.deepEqual(readdirSync(path.join(folder, 'condemned')), []);
  },
});

function addDead({ store: folder, work }: Place): void {
  const store = Store.open(folder);
  const first = deadOutput(store);
  store.commit({ outputs: [first] });
  for (let index = 0; index < 5; index++) {
    store.commit({ outputs: [putText(store, `nobody needs ${index}`, [first.path])] });
  }
  writeTree(path.join(work, 'dead'), 'dead');
  store.materialise(store.addLocal(path.join(work, 'dead'), 'dead'));
  rmSync(path.join(work, 'dead'), { recursive: true });
  store.close();
}

function deadOutput(store: Store) {
  return putText(store, 'nobody needs this');
}

/** What was used a moment ago is not collected. */
function makeOld({ store }: Place): void {
  const database = new DatabaseSync(path.join(store, 'metadata.sqlite'));
  database.exec('UPDATE outputs SET used = 1; UPDATE trees SET used = 1');
  database.close();
  for (const file of filesIn(path.join(store, 'blobs'))) utimesSync(file, 1, statSync(file).mtimeMs / 1000);
}

/** `cab store verify --repair`: a file that knows its own path is damaged, another is gone. */
const repair = commandScenario({
  name: 'repair',
  words: () => ['store', 'verify', '--repair'],
  beginsDamaged: true,
  prepare: (place) => {
    writeProject(place);
    cabNow(place, 'build');
    flipFirstBit(blobWith(place, /^\/cab\/store\//));
    rmSync(blobWith(place, /^hello world/));
  },
  reportsIn: () => [],
});

function blobWith({ store }: Place, content: RegExp): string {
  const found = filesIn(path.join(store, 'blobs')).find((file) => content.test(readFileSync(file, 'latin1')));
  assert.ok(found !== undefined, `no blob has ${content}`);
  return found;
}

function flipFirstBit(file: string): void {
  const { atime, mtime, mode } = statSync(file);
  const content = readFileSync(file);
  content[0] = (content[0] as number) ^ 1;
  chmodSync(file, 0o644);
  writeFileSync(file, content);
  chmodSync(file, mode);
  utimesSync(file, atime, mtime);
}

/** What is done with a store beside building. */
export const maintenance: readonly Scenario[] = [add, exporting, importing, collection, repair];
