import { test } from 'node:test';
import type { FaultCode } from './faults/plan.ts';
import { drawn, struckRun, wholeRun } from './rounds.ts';
import { run } from './run.ts';
import { usualScenarios } from './scenarios/index.ts';
import { Tally, isLong } from './tally.ts';
import { assertTold } from './told.ts';

/** What a process may be told, and the diagnostics that may follow. */
const told: Readonly<Record<FaultCode, { readonly kind: string; readonly codes: RegExp }>> = {
  // The last three are about the lock file, the result link and an archive, which may lie on another disk.
  ENOSPC: { kind: 'full disks', codes: /^CAB(5002|3105|6005|6021)$/ },
  // SQLite does not tell a quota from a disk that fails.
  EDQUOT: { kind: 'quotas', codes: /^CAB(5002|5040|3105|6005|6021)$/ },
  EIO: { kind: 'disk errors', codes: /^CAB\d{4}$/ },
  EMFILE: { kind: 'open file limits', codes: /^CAB\d{4}$/ },
};

for (const scenario of usualScenarios) {
  test(`${scenario.name}: each error of the system is told, and leaves a store that works`, async (context) => {
    const tally = new Tally(context);
    const codes = Object.keys(told) as FaultCode[];
    for (const code of isLong ? codes : [tally.choose(codes)]) {
      const among = code === 'EIO' || code === 'EMFILE' ? 'all' : 'writes';
      const never = { kind: 'error', at: 2 ** 40, code, lasting: false } as const;
      const whole = await wholeRun(scenario, never, among);
      for (const at of drawn(tally, whole.operations.length, tally.rounds(1))) {
        const fault = { ...never, at, lasting: tally.random() < 0.5 };
        const struck = await struckRun(scenario, whole, (place) => run(scenario, place, fault, among));
        const last = `${JSON.stringify(fault)}: ${struck.operations[at - 1]}`;
        assertTold(struck, told[code].codes, last);
        tally.count(told[code].kind);
      }
    }
  });
}
