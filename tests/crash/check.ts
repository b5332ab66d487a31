import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseClaim } from '../../src/derivations/index.ts';
import type { DerivationId } from '../../src/derivations/index.ts';
import { type Digest, digestOf, parseStorePath } from '../../src/foundation/index.ts';
import { Store } from '../../src/store/index.ts';
import type { Place } from './place.ts';
import type { Report } from './report.ts';

/** Asserts what holds after a run that came to its end. */
export async function assertFinished(place: Place, reports: readonly Report[]): Promise<void> {
  await assertWhole(place, reports);
  assert.deepEqual(leftoversIn(place.work), [], 'something half-written is left beside the sources');
}

/**
 * Opens the store as the next process would. Everything that was reported is there and whole, nothing in the store is wrong,
 * nothing temporary is left, and no lock is held.
 */
export async function assertWhole(
  place: Place,
  reports: readonly Report[],
  isDamaged = false,
): Promise<void> {
  const locks = locksIn(place.store);
  const store = Store.open(place.store);
  try {
    assert.deepEqual(readdirSync(path.join(place.store, 'temporary')), [], 'something temporary is left');
    assert.equal(readdirSync(path.join(place.store, 'sessions')).length, 1, 'a session of the dead is left');
    for (const report of reports) assertThere(place, store, report);
    for await (const finding of store.verify()) {
      if (!isDamaged) assert.fail(`verify: ${JSON.stringify(finding)}`);
    }
    await assertFree(store, locks);
  } finally {
    store.close();
  }
}

function assertThere(place: Place, store: Store, report: Report): void {
  const said = JSON.stringify(report);
  switch (report.kind) {
    case 'blob':
      assert.equal(digestOf(store.blobs.read(report.digest as Digest)), report.digest, said);
      return;
    case 'tree':
      assert.equal(digestOf(store.getTreeEncoding(report.digest as Digest)), report.digest, said);
      return;
    case 'output': {
      assert.ok(store.has(pathOf(report)), said);
      return;
    }
    case 'realisation':
      assert.equal(
        store.findRealisation(report.derivation as DerivationId, report.output),
        report.path,
        said,
      );
      return;
    case 'claim': {
      const claim = parseClaim(report.claim);
      assert.ok(claim !== undefined, said);
      assert.equal(store.findClaim(report.scope as DerivationId, claim), report.path, said);
      return;
    }
    case 'content':
      assert.equal(store.findContent(report.program as Digest, report.id)?.digest, report.digest, said);
      return;
    case 'materialised':
      // That it is whole is for verify to see; but a build may see times too.
      assertNormalised(store.materialisedPath(pathOf(report)));
      return;
    case 'log': {
      const last = store.logs.read(report.id)?.trimEnd().split('\n').at(-1);
      assert.ok(Number(last) >= report.round, `${said}: ${last}`);
      return;
    }
    case 'file':
      assert.equal(digestOf(readFileSync(path.join(place.work, report.file))), report.digest, said);
      return;
    case 'built':
      // A second run of the command tells: it would build it again.
      return;
    default:
      assert.fail(said);
  }
}

function assertNormalised(file: string): void {
  const status = lstatSync(file);
  assert.equal(status.mtimeMs, 1000, `${file} has a time of its own`);
  if (!status.isDirectory()) return;
  assert.equal(status.mode & 0o777, 0o555, `${file} can be written to`);
  for (const name of readdirSync(file)) assertNormalised(path.join(file, name));
}

/** What is left in the folder of a project, of files that were to replace others. */
function leftoversIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('-new'));
}

function pathOf({ path: text }: { readonly path: string }) {
  const parsed = parseStorePath(text);
  assert.ok(parsed !== undefined, text);
  return parsed;
}

/** The names in the table of locks. What a process that was killed held is there until somebody looks. */
function locksIn(folder: string): readonly string[] {
  const file = path.join(folder, 'locks', 'locks.sqlite');
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file);
  try {
    const [table] = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'locks'").all();
    if (table === undefined) return [];
    return database
      .prepare('SELECT name FROM locks')
      .all()
      .map(({ name }) => String(name));
  } finally {
    database.close();
  }
}

async function assertFree(store: Store, locks: readonly string[]): Promise<void> {
  for (const name of locks) {
    using _lock = await store.lock(name, {
      onWait: (holder) => assert.fail(`the lock '${name}' is held, by ${holder}`),
    });
  }
}
