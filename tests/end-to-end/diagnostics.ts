import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { assertGolden, type CabRig, type CommandResult } from '../support/index.ts';

export interface ExpectedFailure {
  /** What the golden file is called, in words. */
  readonly title: string;
  /** The diagnostic's code, or how it begins. */
  readonly code: string;
  /** 1 unless said otherwise. */
  readonly exitCode?: number;
}

/** Asserts that a run ended in a diagnostic, and that all it said is as in the golden file. */
export async function assertDiagnostic(
  rig: CabRig,
  result: CommandResult,
  expected: ExpectedFailure,
): Promise<void> {
  assert.equal(result.code, expected.exitCode ?? 1, `${result.stdout}\n${result.stderr}`);
  assert.equal(result.stdout, '');
  assert.match(result.stderr, new RegExp(`^error\\[${expected.code}\\d*\\]: `, 'm'));
  assert.doesNotMatch(result.stderr, /^\s+at .*\.[jt]s:\d+/m, 'a stack trace reaches the user');
  await assertGolden(goldenOf(expected.title), normalise(rig, result.stderr));
}

function goldenOf(title: string): string {
  const name = title.replaceAll(/[^A-Za-z0-9]+/g, '-');
  return fileURLToPath(new URL(`goldens/${name}.txt`, import.meta.url));
}

/** Takes out of a text what differs from run to run, from machine to machine, and from one build of Cab to the next. */
function normalise(rig: CabRig, text: string): string {
  return text
    .replaceAll(rig.folder, '/rig')
    .replaceAll(/\b(127\.0\.0\.1|localhost):\d{2,}/g, '$1:PORT')
    .replaceAll(/\b[a-z2-7]{52}\b/g, (hash) => (/^a+$/.test(hash) ? hash : 'HASH'))
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replaceAll(/ digest is sha512-[A-Za-z0-9+/]+=*/g, ' digest is sha512-DIGEST')
    .replaceAll(/\b\d+(\.\d+)? ?(ms|s)\b/g, 'TIME')
    .replaceAll(/ offers .*, and lacks /g, ' offers FEATURES, and lacks ');
}
