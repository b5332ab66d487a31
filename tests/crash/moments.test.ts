import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { assertFinished } from './check.ts';
import { type Place, makePlace } from './place.ts';
import { descendantsOf } from './processes.ts';
import { struckRun, wholeRun } from './rounds.ts';
import { type Ending, type Running, run, start } from './run.ts';
import { build, hasSandbox } from './scenarios/command.ts';
import { usualScenarios } from './scenarios/index.ts';
import { Tally } from './tally.ts';
import { assertTold } from './told.ts';

/** Whom a signal meets. */
const victims = {
  process: ({ process: child }: Running) => child.kill('SIGKILL'),
  group: ({ process: child }: Running) => signal(-(child.pid ?? 0)),
  /** One that the process has started, a sandbox or the program in it. Where there is none, nobody dies. */
  child: ({ process: child }: Running, tally: Tally) => {
    const children = descendantsOf(child.pid ?? 0);
    if (children.length > 0) signal(tally.choose(children));
  },
};

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

for (const scenario of usualScenarios) {
  test(`${scenario.name}: killed at any moment, alone, with all it has started, or only these`, async (context) => {
    const tally = new Tally(context);
    const startedMs = performance.now();
    const whole = await wholeRun(scenario);
    const wholeMs = performance.now() - startedMs;
    for (let round = 0; round < tally.rounds(1); round++) {
      const kind = tally.choose(Object.keys(victims) as (keyof typeof victims)[]);
      const ending = await struckRun(scenario, whole, (place) =>
        killLater(place, kind, tally.random() * wholeMs),
      );
      if (ending.signal === null && ending.code !== 137) assertTold(ending, /^CAB\d{4}$/, kind);
      else tally.count('kills at a moment');
    }

    async function killLater(place: Place, kind: keyof typeof victims, ms: number): Promise<Ending> {
      const running = start(scenario, place);
      // The moment is what is varied here, not something that is waited for.
      await wait(ms);
      victims[kind](running, tally);
      return await running.ended;
    }
  });
}

test('a builder whose sandbox is killed fails, and no more', { skip: !hasSandbox() }, async (context) => {
  const tally = new Tally(context);
  const whole = await wholeRun(build);
  for (let round = 0; round < tally.rounds(2); round++) {
    const ending = await struckRun(build, whole, async (place) => {
      const running = start(build, place);
      while (running.process.exitCode === null && running.process.signalCode === null) {
        const children = descendantsOf(running.process.pid ?? 0);
        if (children.length > 0) {
          signal(tally.choose(children));
          break;
        }
        await wait(1);
      }
      return await running.ended;
    });
    assertTold(ending, /^CAB4\d{3}$/, 'a child was killed');
    tally.count('kills of sandboxes');
  }
});

test('of two that build the same the one that is left goes on', async (context) => {
  const tally = new Tally(context);
  const startedMs = performance.now();
  const whole = await wholeRun(build);
  const wholeMs = performance.now() - startedMs;
  for (let round = 0; round < tally.rounds(2); round++) {
    using place = makePlace();
    await build.prepare(place);
    const [first, second] = [start(build, place), start(build, place)];
    await wait(tally.random() * wholeMs);
    first.process.kill('SIGKILL');
    const [, ending] = await Promise.all([first.ended, second.ended]);
    assert.equal(ending.code, 0, ending.stderr);
    const again = await run(build, place);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(again.reports.filter(build.lasting), whole.reports.filter(build.lasting));
    await assertFinished(place, again.reports);
    tally.count('kills at a moment');
  }
});
