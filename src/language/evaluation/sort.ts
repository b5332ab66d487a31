import { allOf } from './fork.ts';

/**
 * Sorts by merging, stably, and asks `comesBefore` no more often than that takes: the order in which it asks is part of
 * what a program can observe through its errors, so it is fixed here. Once all have been compared, `simplify` makes of each what is
 * compared faster.
 */
export function sortStable<T>(
  items: readonly T[],
  comesBefore: (left: T, right: T) => boolean,
  simplify: (item: T) => T = (item) => item,
): readonly T[] {
  if (items.length < 2) return items;
  let source = [...items];
  let target = [...items];
  for (let width = 1; width < items.length; width *= 2) {
    mergePairs(source, target, width, comesBefore);
    [source, target] = [target, source];
    if (width === 1) source = source.map(simplify);
  }
  return source;
}

/** Merges each two runs of that length that stand side by side. All of them are needed, whatever becomes of the others. */
function mergePairs<T>(
  source: readonly T[],
  target: T[],
  width: number,
  comesBefore: (left: T, right: T) => boolean,
): void {
  const { length } = source;
  const starts = Array.from({ length: Math.ceil(length / (2 * width)) }, (_, index) => index * 2 * width);
  allOf(starts, (start) =>
    merge(
      source,
      target,
      start,
      Math.min(start + width, length),
      Math.min(start + 2 * width, length),
      comesBefore,
    ),
  );
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
