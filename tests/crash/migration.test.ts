import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { DiagnosticError } from '../../src/diagnostics/index.ts';
import { Store } from '../../src/store/index.ts';
import { assertWhole } from './check.ts';
import { makePlace } from './place.ts';
import { start } from './run.ts';
import { migrationFrom } from './scenarios/migration.ts';
import { held, makeOlderStore } from './scenarios/older-layouts.ts';
import { storeScenario } from './scenarios/scenario.ts';

for (const layout of [1, 2, 3]) {
  test(`a store of layout ${layout} is taken over with all that it holds`, async () => {
    using place = makePlace();
    const [lower, upper] = makeOlderStore(place.store, layout);
    assert.ok(lower !== undefined && upper !== undefined);
    const store = Store.open(place.store);
    assert.deepEqual(store.get(lower.path), lower);
    assert.deepEqual(store.get(upper.path), upper);
    assert.equal(store.findRealisation(held.derivation, 'out'), upper.path);
    assert.equal(store.findClaim(held.derivation, held.claim), lower.path);
    assert.deepEqual(store.claimsOf(held.derivation, lower.path), [held.claim]);
    const content = store.findContent(held.program, held.content);
    assert.equal(content?.digest, layout >= 2 ? upper.tree : undefined);
    const digests = store.findBySha256([held.sha256]).get(held.sha256);
    assert.deepEqual(
      digests?.map(({ digest }) => digest),
      layout >= 3 ? [lower.tree] : undefined,
    );
    const action = { function: 'sha256', action: held.sha256, identity: '' };
    store.actionResults.put(action, Buffer.from('result'));
    assert.deepEqual(store.actionResults.get(action), new Uint8Array(Buffer.from('result')));
    store.close();
    await assertWhole(place, []);
  });

  test(`several processes that open a store of layout ${layout} at once all find it taken over`, async () => {
    using place = makePlace();
    const scenario = storeScenario(migrationFrom(layout));
    await scenario.prepare(place);
    const endings = await Promise.all(Array.from({ length: 4 }, () => start(scenario, place).ended));
    for (const ending of endings) {
      assert.equal(ending.code, 0, ending.stderr);
      assert.deepEqual(ending.reports, endings[0]?.reports);
    }
    await assertWhole(place, endings[0]?.reports ?? []);
  });
}

test('a store of a layout to come is refused with what to do, and left as it is', () => {
  using place = makePlace();
  Store.open(place.store).close();
  const file = path.join(place.store, 'metadata.sqlite');
  const database = new DatabaseSync(file);
  const { user_version: own } = database.prepare('PRAGMA user_version').get() ?? {};
  const next = Number(own) + 1;
  database.exec(`PRAGMA user_version = ${next}`);
  database.close();
  assert.throws(
    () => Store.open(place.store),
    (error) => {
      assert.ok(error instanceof DiagnosticError);
      const [diagnostic] = error.diagnostics;
      assert.equal(diagnostic?.code, 'CAB5001');
      assert.match(diagnostic.message, new RegExp(`layout ${next}`));
      assert.match(diagnostic.hint ?? '', /use the Cab that made it/);
      return true;
    },
  );
  const after = new DatabaseSync(file, { readOnly: true });
  assert.equal(after.prepare('PRAGMA user_version').get()?.['user_version'], next);
  after.close();
});
