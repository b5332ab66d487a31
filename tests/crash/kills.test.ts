import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, struckRun, wholeRun } from './rounds.ts';
import { run } from './run.ts';
import { scenarios } from './scenarios/index.ts';
import { Tally } from './tally.ts';

for (const scenario of scenarios) {
  test(`${scenario.name}: killed before a write, or in the middle of it`, async (context) => {
    const tally = new Tally(context);
    const whole = await wholeRun(scenario);
    const count = whole.operations.length;
    context.diagnostic(`${count} operations`);
    for (const at of drawn(tally, count, tally.rounds(1))) {
      const fault = { kind: 'kill', at, halfway: tally.random() < 0.5 } as const;
      const killed = await struckRun(scenario, whole, (place) => run(scenario, place, fault));
      const isKilled = killed.signal === 'SIGKILL';
      // Threads and sandboxes take turns as they like, and may have had less to do.
      assert.ok(isKilled || killed.operations.length < at, `${killed.code}:\n${killed.stderr}`);
      if (isKilled) tally.count('kills');
    }
  });
}
