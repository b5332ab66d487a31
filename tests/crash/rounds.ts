import assert from 'node:assert/strict';
import { assertFinished, assertWhole } from './check.ts';
import type { Fault, FaultPlan } from './faults/plan.ts';
import { type Place, makePlace } from './place.ts';
import type { Report } from './report.ts';
import { type Ending, run } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Tally } from './tally.ts';

/** Runs a scenario to its end, and answers what it came to. With a fault that never strikes, only what it could strike is noted. */
export async function wholeRun(scenario: Scenario, ...plan: [Fault?, FaultPlan['among']?]): Promise<Ending> {
  using place = makePlace();
  await scenario.prepare(place);
  const ending = await run(scenario, place, ...plan);
  assert.equal(ending.code, 0, ending.stderr);
  assert.ok(ending.operations.length > 0, 'it did nothing');
  await assertDone(scenario, place, ending.reports);
  return ending;
}

/**
 * Lets a fault happen, and looks at what is left: the store is whole, and a second run comes to what a run without a fault comes to.
 * Answers how the process ended that was struck.
 */
export async function struckRun(
  scenario: Scenario,
  whole: Ending,
  strike: (place: Place) => Promise<Ending>,
  place = makePlace(),
): Promise<Ending> {
  using _place = place;
  await scenario.prepare(place);
  const first = await strike(place);
  try {
    const kept = scenario.kept?.(place) ?? [];
    await assertWhole(place, [...first.reports, ...kept], scenario.beginsDamaged ?? false);
    const second = await run(scenario, place);
    assert.equal(second.code, 0, `the second run failed:\n${second.stderr}`);
    assert.deepEqual(lasting(scenario, second.reports), lasting(scenario, whole.reports));
    assertNotBuiltAgain(first.reports, second.reports);
    await assertDone(scenario, place, [...first.reports, ...second.reports]);
  } catch (cause) {
    const last = `${first.operations.at(-1)}`.replaceAll(place.folder, '');
    const said = first.stderr.split('\n').slice(-12).join('\n');
    throw new Error(`after ${first.operations.length} operations, the last being '${last}'; ${said}`, {
      cause,
    });
  }
  return first;
}

async function assertDone(scenario: Scenario, place: Place, reports: readonly Report[]): Promise<void> {
  await assertFinished(place, [...reports, ...(scenario.kept?.(place) ?? [])]);
  scenario.assertDone?.(place);
}

function lasting(scenario: Scenario, reports: readonly Report[]): readonly string[] {
  return reports
    .filter(scenario.lasting)
    .map((report) => JSON.stringify(report))
    .toSorted();
}

function assertNotBuiltAgain(first: readonly Report[], second: readonly Report[]): void {
  const before = new Set(
    first.filter(({ kind }) => kind === 'built').map((report) => JSON.stringify(report)),
  );
  const again = second.filter((report) => before.has(JSON.stringify(report)));
  assert.deepEqual(again, [], 'what had been built was built again');
}

/** Numbers from 1 to the count, as many as wanted: all of them where there are not more. */
export function drawn(tally: Tally, count: number, wanted: number): readonly number[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  while (numbers.length > wanted) numbers.splice(tally.below(numbers.length), 1);
  return numbers;
}
