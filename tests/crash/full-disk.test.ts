import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Disk, type Room, mountDisk, plenty } from './disk.ts';
import { makePlace } from './place.ts';
import { struckRun } from './rounds.ts';
import { type Ending, run } from './run.ts';
import { usualScenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { Tally } from './tally.ts';
import { assertTold } from './told.ts';

for (const scenario of usualScenarios) {
  test(`${scenario.name}: a full disk is told, and nothing half-written stays`, async (context) => {
    const measured = await measure(scenario, context);
    if (measured === undefined) return;
    const tally = new Tally(context);
    for (let round = 0; round < tally.rounds(1); round++) {
      const room = draw(measured.needed, tally);
      const failed = await fillUp(scenario, measured.whole, room);
      if (failed) tally.count('inodes' in room ? 'disks without inodes' : 'full disks');
    }
  });
}

/** What a scenario needs beyond what it begins with; undefined where no disk can be had. */
async function measure(
  scenario: Scenario,
  context: TestContext,
): Promise<{ readonly whole: Ending; readonly needed: Room } | undefined> {
  let disk: Disk | string = '';
  using place = makePlace(() => typeof disk === 'string' || disk[Symbol.dispose]());
  disk = mountDisk(place.store);
  if (typeof disk === 'string') {
    context.skip(disk);
    return undefined;
  }
  await scenario.prepare(place);
  const before = disk.used();
  const whole = await run(scenario, place);
  assert.equal(whole.code, 0, whole.stderr);
  const after = disk.used();
  // A collection gives room back, and needs a little all the same.
  const needed = {
    bytes: Math.max(65_536, after.bytes - before.bytes),
    inodes: Math.max(8, after.inodes - before.inodes),
  };
  return { whole, needed };
}

/** From nothing to enough, of one of both. What is temporary comes on top of what stays. */
function draw(needed: Room, tally: Tally): Partial<Room> {
  if (tally.random() < 0.3) return { inodes: tally.below(needed.inodes * 1.3 + 2) };
  return { bytes: tally.below(needed.bytes * 1.3 + 4096) };
}

async function fillUp(scenario: Scenario, whole: Ending, room: Partial<Room>): Promise<boolean> {
  let disk: Disk | undefined;
  const place = makePlace(() => disk?.[Symbol.dispose]());
  const limited = {
    ...scenario,
    prepare: async () => {
      const mounted = mountDisk(place.store);
      if (typeof mounted === 'string') throw new Error(mounted);
      disk = mounted;
      await scenario.prepare(place);
      const { bytes, inodes } = disk.used();
      disk.resize({
        bytes: room.bytes === undefined ? plenty.bytes : bytes + room.bytes,
        inodes: room.inodes === undefined ? plenty.inodes : inodes + room.inodes,
      });
    },
  };
  const strike = async (): Promise<Ending> => {
    const ending = await run(scenario, place);
    disk?.resize(plenty);
    return ending;
  };
  const ending = await struckRun(limited, whole, strike, place);
  return assertTold(ending, /^CAB5002$/, `with room for ${JSON.stringify(room)}`);
}
