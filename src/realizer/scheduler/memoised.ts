/** Starts on a stack of its own, so that a long chain of inputs does not nest calls. */
export function memoised<K, T>(memo: Map<K, Promise<T>>, key: K, compute: () => Promise<T>): Promise<T> {
  const before = memo.get(key);
  if (before !== undefined) return before;
  const promise = Promise.resolve().then(compute);
  memo.set(key, promise);
  return promise;
}
