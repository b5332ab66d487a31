/** The longest time that a timer takes, in milliseconds: some weeks. */
const longestTimeoutMs = 2 ** 31 - 1;

/** Does something when a program has taken all the time that it may, running or waiting, unless it is disposed of before. */
export function onOverdue(limitMs: number, action: () => void): Disposable {
  const timer = limitMs > longestTimeoutMs ? undefined : setTimeout(action, limitMs).unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Why a program was ended then. */
export function overdue(limitMs: number): string {
  return `it went on for longer than ${limitMs / 1000} s, which is all that a program may take with its waiting`;
}
