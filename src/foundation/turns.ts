/** How long one task may keep a thread from others, in milliseconds. */
const turnMs = 8;

/** When what now runs has begun; undefined where the event loop has turned since. */
let startedMs: number | undefined;
const waiting: (() => void)[] = [];

/** Whether this thread has been at work without a pause for so long that others are to have their turn. */
export function isTurnOver(): boolean {
  if (startedMs === undefined) begin();
  return startedMs !== undefined && performance.now() - startedMs >= turnMs;
}

/**
 * Settles when it is the caller's turn: in the order in which they asked, and one in each round of the event loop, so that
 * whatever else the thread has to do comes between.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  begin();
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

function begin(): void {
  startedMs = performance.now();
  setImmediate(() => {
    startedMs = undefined;
  });
}
