import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { type DerivationId, type ResolvedDerivation, makeDerivation } from '../../src/derivations/index.ts';
import { type StorePath, digestOf, hashPartOf } from '../../src/foundation/index.ts';
import { type OutputRecord, Store } from '../../src/store/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/random.ts';
import { diagnosed, scratchPath, temporaryFolder } from './temporary-store.ts';

/** What a store is filled with, and has to give back as it was, or not at all. */
interface Filling {
  readonly outputs: readonly OutputRecord[];
  readonly realisations: ReadonlyMap<DerivationId, StorePath>;
  readonly claims: ReadonlyMap<string, StorePath>;
}

const scope = hashPartOf(digestOf('scope')) as string as DerivationId;

/** Outputs that refer to each other and to themselves, fetched ones and local ones, enough for some hundred pages. */
async function fill(store: Store, count: number): Promise<Filling> {
  const outputs: OutputRecord[] = [];
  const realisations = new Map<DerivationId, StorePath>();
  const claims = new Map<string, StorePath>();
  for (let index = 0; index < count; index++) {
    const scratch = scratchPath(`${index}`);
    using folder = store.temporaryFolder('build');
    const source = path.join(folder.path, 'out');
    mkdirSync(path.join(source, 'inner'), { recursive: true });
    const before = outputs.at(-1 - (index % 3));
    const isFixed = index % 4 === 3;
    const mentions = isFixed ? '' : `${before?.path ?? ''}\n${index % 2 === 0 ? scratch : ''}`;
    writeFileSync(path.join(source, 'inner', 'file'), `${index}\n${mentions}`);
    for (let file = 0; file < 8; file++) writeFileSync(path.join(source, `f${file}`), `${index} ${file}`);
    const record = await store.addOutput({
      source,
      scratch,
      name: `output${index}`,
      candidates: isFixed || before === undefined ? [] : [before.path],
    });
    outputs.push(record);
    const derivation = derivationOf(index);
    const claim = { format: 'git', value: `${index}`.padStart(40, '0') };
    if (isFixed) {
      store.commit({ outputs: [record], claims: [{ scope, claim, path: record.path }] });
      claims.set(claim.value, record.path);
    } else {
      const realisation = { derivation: derivation.id, output: 'out', path: record.path };
      const derivations = [{ key: derivation.id, identity: '', derivation }];
      store.commit({ outputs: [record], realisations: [realisation], derivations });
      realisations.set(derivation.id, record.path);
    }
  }
  return { outputs, realisations, claims };
}

function derivationOf(index: number): ResolvedDerivation {
  return makeDerivation({
    name: `output${index}`,
    builder: '/bin/sh',
    arguments: ['-c', `echo ${index}`],
    environment: {},
    inputs: { derivations: [], trees: [] },
    outputs: ['out'],
    requiredRealizerFeatures: [],
    fix: { kind: 'none' },
  }) as ResolvedDerivation;
}

/** Asserts that what the store knows is true, and answers how much of all it knows. */
async function judge(store: Store, filling: Filling): Promise<number> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  let known = 0;
  for (const output of filling.outputs) {
    const found = store.get(output.path);
    if (found === undefined) continue;
    assert.deepEqual(found, output);
    assert.ok(store.isWhole(output.path));
    known++;
  }
  for (const [derivation, output] of filling.realisations) {
    const found = store.findRealisation(derivation, 'out');
    assert.ok(found === undefined || found === output, `a realisation leads to ${found}`);
    if (found !== undefined) known++;
    for (const deriver of store.derivers(output)) assert.equal(deriver.derivation.id, derivation);
  }
  for (const [value, output] of filling.claims) {
    const found = store.findClaim(scope, { format: 'git', value });
    assert.ok(found === undefined || found === output, `a claim leads to ${found}`);
    if (found !== undefined) known++;
  }
  return known;
}

function wholeOf({ outputs, realisations, claims }: Filling): number {
  return outputs.length + realisations.size + claims.size;
}

const pageSize = 4096;
/** The most bits that are flipped at once. */
const bitsLimit = 16;

/** Damages a database file as disks and memories do: bits, pages, or its end. */
function damage(file: string, random: () => number): string {
  const content = readFileSync(file);
  const pages = content.length / pageSize;
  const kind = random();
  const at = Math.floor(random() * pages) * pageSize;
  if (kind < 0.6) {
    const count = 1 + Math.floor(random() * bitsLimit);
    for (let flip = 0; flip < count; flip++) {
      const place = Math.floor(random() * content.length);
      content[place] = (content[place] as number) ^ (1 << Math.floor(random() * 8));
    }
    writeFileSync(file, content);
    return `${count} bits`;
  }
  if (kind < 0.8) {
    content.fill(0, at, at + pageSize);
    writeFileSync(file, content);
    return `page ${at / pageSize} of ${pages} zero`;
  }
  if (kind < 0.9) {
    for (let place = at; place < at + pageSize; place++) content[place] = Math.floor(random() * 256);
    writeFileSync(file, content);
    return `page ${at / pageSize} of ${pages} noise`;
  }
  writeFileSync(file, content.subarray(0, Math.max(pageSize, at)));
  return `cut after page ${at / pageSize} of ${pages}`;
}

test('of a damaged database all is kept that proves to be right, and nothing that does not', async (context: TestContext) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  using folder = temporaryFolder();
  const place = path.join(folder.path, 'store');
  const first = Store.open(place);
  const filling = await fill(first, 40);
  first.close();
  const file = path.join(place, 'metadata.sqlite');
  const saved = path.join(folder.path, 'saved.sqlite');
  copyFileSync(file, saved);
  const runs = Math.round(12 * fuzzFactor());
  let unseen = 0;
  let derivers = 0;
  let known = 0;
  for (let run = 0; run < runs; run++) {
    copyFileSync(saved, file);
    const what = damage(file, random);
    try {
      const salvaged = Store.salvage(place);
      if (salvaged === undefined) unseen++;
      else assert.ok(existsSync(salvaged.kept));
      const store = Store.open(place);
      try {
        const left = await judgeOrRepair(store, filling, salvaged === undefined);
        known += left;
        derivers += filling.outputs.filter(({ path: output }) => store.derivers(output).length > 0).length;
        // A bit within a key or a value makes it another one, and nothing in the database tells.
        if (salvaged?.isComplete === true) assert.ok(left >= wholeOf(filling) - bitsLimit, `${left} known`);
      } finally {
        store.close();
      }
    } catch (error) {
      throw new Error(`run ${run}, ${what}`, { cause: error });
    }
    rmSync(path.join(place, 'damaged'), { recursive: true, force: true });
  }
  const share = known / (runs * wholeOf(filling));
  context.diagnostic(
    `${runs} damaged databases of ${statSync(saved).size / pageSize} pages, ${unseen} of them whole to SQLite; ${Math.round(share * 100)} % of what was known is known`,
  );
  assert.ok(derivers > 0, 'no output leads back to a derivation');
  assert.ok(share > 0.2, `only ${share} was kept`);
});

/** What SQLite takes for whole may still hold a wrong byte of content, which verify finds. */
async function judgeOrRepair(store: Store, filling: Filling, isUnseen: boolean): Promise<number> {
  if (!isUnseen) return await judge(store, filling);
  const findings = [];
  for await (const finding of store.verify()) findings.push(finding);
  if (findings.length > 0) {
    const repair = store.repair(() => undefined);
    await repair.mend(findings);
    repair.takeOut(new Map(repair.broken().map((output) => [output, 'it is damaged'])));
    await repair.finish();
  }
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  return 0;
}

test('a file that is no database leaves an empty one, and the blobs', async () => {
  using folder = temporaryFolder();
  const first = Store.open(folder.path);
  const filling = await fill(first, 3);
  first.close();
  writeFileSync(path.join(folder.path, 'metadata.sqlite'), 'this is no database at all'.repeat(1000));
  assert.throws(() => Store.open(folder.path), diagnosed('CAB5001', /damaged/));
  const salvaged = Store.salvage(folder.path);
  assert.equal(salvaged?.outputs, 0);
  assert.equal(salvaged.isComplete, false);
  const store = Store.open(folder.path);
  assert.equal(await judge(store, filling), 0);
  assert.ok(store.blobs.has(digestOf('0 0')));
  store.close();
});

test('a database that is whole stays as it is, and one that others work with too', () => {
  using folder = temporaryFolder();
  const store = Store.open(folder.path);
  assert.equal(Store.salvage(folder.path), undefined);
  const file = path.join(folder.path, 'metadata.sqlite');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  writeFileSync(file, 'this is no database at all'.repeat(1000));
  assert.throws(() => Store.salvage(folder.path), diagnosed('CAB5006', /others are at work/));
  store.close();
});
