import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DiagnosticError } from '../../src/diagnostics/index.ts';
import type { Digest } from '../../src/foundation/index.ts';
import { Store } from '../../src/store/index.ts';
import { type Damage, filesIn, flipBit, garble, remove, truncate, zeroPage } from './corruption/damage.ts';
import { type Answer, askAll, isProvedByVerifyOnly } from './corruption/questions.ts';
import { type Sample, fillSample } from './corruption/sample.ts';
import { type Place, makePlace } from './place.ts';
import { Tally } from './tally.ts';

interface Asked {
  readonly answers: ReadonlyMap<string, Answer>;
  /** What verify found afterwards, by kind. */
  readonly findings: readonly string[];
}

interface Case {
  readonly title: string;
  readonly file: string;
  /** Whether the store is one that a process had open when it died: then a part of it is in the database's log. */
  readonly wasOpen?: boolean;
  readonly damages: Readonly<Record<string, Damage>>;
  readonly rounds: number;
}

const inDatabase = { 'bit flips': flipBit, 'zeroed pages': zeroPage, truncations: truncate };

const cases: readonly Case[] = [
  { title: 'the database', file: 'metadata.sqlite', damages: { 'bit flips': flipBit }, rounds: 15 },
  { title: 'pages of the database', file: 'metadata.sqlite', damages: inDatabase, rounds: 6 },
  {
    title: 'the database and its log',
    file: 'metadata.sqlite',
    wasOpen: true,
    damages: inDatabase,
    rounds: 6,
  },
  {
    title: 'the log of the database',
    file: 'metadata.sqlite-wal',
    wasOpen: true,
    damages: { ...inDatabase, 'removed files': remove },
    rounds: 12,
  },
  {
    title: 'the index of that log',
    file: 'metadata.sqlite-shm',
    wasOpen: true,
    damages: { ...inDatabase, 'removed files': remove },
    rounds: 6,
  },
  {
    title: 'the table of locks',
    file: 'locks/locks.sqlite',
    damages: { ...inDatabase, garbage: garble },
    rounds: 6,
  },
  {
    title: 'a log of a build',
    file: 'logs/log.zst',
    damages: { 'bit flips': flipBit, truncations: truncate },
    rounds: 10,
  },
  {
    title: 'the number of the format',
    file: 'version',
    damages: { 'bit flips': flipBit, garbage: garble },
    rounds: 6,
  },
];

for (const { title, file, wasOpen = false, damages, rounds } of cases) {
  test(`damage to ${title} ends in a store that works, or is told`, async (context) => {
    const tally = new Tally(context);
    using template = makePlace();
    const sample = await makeSample(template, wasOpen);
    const expected = await askCopy(template, sample);
    for (const [question, answer] of expected.answers) assert.equal(answer.kind, 'says', question);
    assert.deepEqual(expected.findings, []);
    for (let round = 0; round < tally.rounds(rounds); round++) {
      const [kind, damage] = tally.choose(Object.entries(damages));
      let done = '';
      const hurt = (place: Place): void => {
        done = damage(path.join(place.store, file), tally);
      };
      try {
        assertRight(expected, await askCopy(template, sample, hurt));
      } catch (cause) {
        throw new Error(`round ${round}: ${done}`, { cause });
      }
      tally.count(kind);
    }
  });
}

/** A store with some of everything; left as a process leaves it that closes it, or that dies with it open. */
async function makeSample(template: Place, wasOpen: boolean): Promise<Sample> {
  using place = makePlace();
  const store = Store.open(place.store);
  const sample = fillSample({ ...place, work: template.work }, store);
  (await store.lock('taken'))[Symbol.dispose]();
  if (!wasOpen) store.close();
  cpSync(place.store, template.store, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  if (wasOpen) store.close();
  assert.equal(existsSync(path.join(template.store, 'metadata.sqlite-wal')), wasOpen);
  return sample;
}

async function askCopy(
  template: Place,
  sample: Sample,
  hurt: (place: Place) => void = () => undefined,
): Promise<Asked> {
  using place = makePlace();
  cpSync(template.store, place.store, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  hurt(place);
  const answers = await askAll({ ...place, work: template.work }, sample);
  return { answers, findings: await verify(place.store) };
}

/** Looks at all of it, and comes to an end, or says why it cannot. */
async function verify(folder: string): Promise<readonly string[]> {
  const findings: string[] = [];
  try {
    const store = Store.open(folder);
    try {
      for await (const { kind } of store.verify()) findings.push(kind);
    } finally {
      store.close();
    }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    findings.push('diagnostic');
  }
  return findings;
}

/** What is not known any more is made again. What is said is true. */
function assertRight(expected: Asked, { answers, findings }: Asked): void {
  for (const [question, answer] of answers) {
    if (answer.kind === 'diagnostic') assert.match(answer.code, /^CAB50\d\d$/, question);
    if (isProvedByVerifyOnly(question) && findings.length > 0) continue;
    if (answer.kind === 'says') assert.deepEqual(answer, expected.answers.get(question), question);
  }
}

test('each bit that flips in a blob is found by verify, and by whoever reads the blob', async (context) => {
  const tally = new Tally(context);
  using place = makePlace();
  let store = Store.open(place.store);
  fillSample(place, store);
  store.close();
  const blobs = filesIn(path.join(place.store, 'blobs'));
  for (let round = 0; round < tally.rounds(6); round++) {
    const file = tally.choose(blobs);
    const [status, content] = [statSync(file), readFileSync(file)];
    chmodSync(file, 0o644);
    const done = flipBit(file, tally);
    // A disk changes no times.
    utimesSync(file, status.atime, status.mtime);
    assert.ok((await verify(place.store)).includes('blob-corrupt'), done);
    store = Store.open(place.store);
    const digest = path.basename(file, '.x') as Digest;
    // Of a blob with both variants the plain one is read.
    const isRead = !file.endsWith('.x') || !blobs.includes(file.slice(0, -2));
    if (isRead) assert.throws(() => store.blobs.read(digest), DiagnosticError, done);
    store.close();
    writeFileSync(file, content);
    chmodSync(file, status.mode);
    utimesSync(file, status.atime, status.mtime);
    tally.count('bit flips');
  }
  assert.deepEqual(await verify(place.store), []);
});
