import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makePlace } from './place.ts';
import { type Ending, run } from './run.ts';
import { build } from './scenarios/command.ts';
import { ingest } from './scenarios/ingest.ts';
import { local } from './scenarios/local.ts';
import { materialise } from './scenarios/materialise.ts';
import { output } from './scenarios/output.ts';
import { type Scenario, storeScenario } from './scenarios/scenario.ts';

/** The same, on a store that is to survive a power cut. */
function durable(scenario: Scenario): Scenario {
  return {
    ...scenario,
    prepare: async (place) => {
      await scenario.prepare(place);
      writeFileSync(path.join(place.folder, 'cab.toml'), '[store]\ndurable = true\n');
    },
    environment: (place) => ({ ...scenario.environment(place), CAB_TEST_DURABLE: '1' }),
  };
}

const scenarios = [...[ingest, local, output, materialise].map(storeScenario), build];

for (const scenario of scenarios) {
  test(`${scenario.name}: in a durable store bytes, then names, then rows reach the disk`, async (context) => {
    const { operations } = await finish(durable(scenario));
    const [syncs, commits] = assertInOrder(operations);
    assert.ok(syncs > 0 && commits > 0);
    context.diagnostic(`${syncs} waits for the disk, ${commits} commits`);
  });

  test(`${scenario.name}: by default nothing waits for the disk`, async () => {
    const { operations } = await finish(scenario);
    assert.deepEqual(
      operations.filter((line) => / f(data)?sync /.test(line)),
      [],
    );
  });
}

async function finish(scenario: Scenario): Promise<Ending> {
  using place = makePlace();
  await scenario.prepare(place);
  const ending = await run(scenario, place);
  assert.equal(ending.code, 0, ending.stderr);
  return ending;
}

/**
 * Goes through what a process did. A file that gets its place among the blobs has been synced since it was last written, and the
 * folder of each such place before the next commit. Answers how many syncs and commits there were.
 */
function assertInOrder(operations: readonly string[]): readonly [number, number] {
  const written = new Set<string>();
  const unsynced = new Set<string>();
  let [syncs, commits] = [0, 0];
  for (const line of operations) {
    const [, , name, file = '', second = ''] = line.split(' ');
    if (name === 'write' || name === 'writeFile' || name === 'open') written.add(file);
    if (name === 'copyFile') written.add(second);
    if (name === 'fsync') {
      syncs++;
      written.delete(file);
      unsynced.delete(file);
    }
    if (name === 'rename' && second.includes('/store/blobs/')) {
      assert.ok(!written.has(file), `not synced before it got its name: ${line}`);
      unsynced.add(path.dirname(second));
    }
    if (name === 'exec' && line.endsWith('/metadata.sqlite COMMIT')) {
      commits++;
      assert.deepEqual([...unsynced], [], `folders that are not synced before a commit: ${line}`);
    }
  }
  return [syncs, commits];
}
