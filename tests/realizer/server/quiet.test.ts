import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quiet } from '../../../src/realizer/server/operations/quiet.ts';

test('who is about to hear of an action that has ended is waited for, though nobody has said anything for long', async () => {
  const begunMs = performance.now();
  const nowMs = (): number => 60_000 + performance.now() - begunMs;
  const idle = new Quiet(nowMs);
  await idle.wait(nowMs() + 60_000);
  const quiet = new Quiet(nowMs);
  quiet.observe({
    type: 'action-ended',
    action: 'a',
    client: 'ci',
    executor: 'wasm',
    outcome: 'built',
    durationMs: 1,
  });
  const untilMs = nowMs() + 100;
  await quiet.wait(untilMs);
  assert.ok(nowMs() >= untilMs);
});
