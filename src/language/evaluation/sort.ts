/**
 * Sorts by merging, stably, and asks `comesBefore` no more often than that takes: the order in which it asks is part of
 * what a program can observe through its errors, so it is fixed here.
 */
export function sortStable<T>(
  items: readonly T[],
  comesBefore: (left: T, right: T) => boolean,
): readonly T[] {
  if (items.length < 2) return items;
  let source = [...items];
  let target = [...items];
  for (let width = 1; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      merge(
        source,
        target,
        start,
        Math.min(start + width, items.length),
        Math.min(start + 2 * width, items.length),
        comesBefore,
      );
    }
    [source, target] = [target, source];
  }
  return source;
}

/** Merges the runs from `start` to `middle` and from there to `end` into the target. */
function merge<T>(
  source: readonly T[],
  target: T[],
  start: number,
  middle: number,
  end: number,
  comesBefore: (left: T, right: T) => boolean,
): void {
  let left = start;
  let right = middle;
  for (let index = start; index < end; index++) {
    const takeRight = left >= middle || (right < end && comesBefore(source[right] as T, source[left] as T));
    target[index] = (takeRight ? source[right++] : source[left++]) as T;
  }
}
