import assert from 'node:assert/strict';
import type { Ending } from './run.ts';

/** A run went on all the same, or it said what is wrong, in diagnostics of these codes. Answers whether it failed. */
export function assertTold({ code, signal, stderr }: Ending, codes: RegExp, about: string): boolean {
  const said = `${about}\n${signal ?? code}: ${stderr}`;
  assert.doesNotMatch(stderr, /^\s+at .*:\d+/m, `a stack trace: ${said}`);
  if (code === 0) return false;
  assert.equal(code, 1, said);
  const diagnostics = [...stderr.matchAll(/error\[(CAB\d+)\]|"code":"(CAB\d+)","severity":"error"/g)];
  assert.ok(diagnostics.length > 0, `no diagnostic: ${said}`);
  for (const [, plain, json] of diagnostics) assert.match(plain ?? json ?? '', codes, said);
  return true;
}
