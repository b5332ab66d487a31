import { EXIT_LIMIT, fail } from './failure.ts';

/** More than this is never used, so that no server can make the program grow without end. */
const MEMORY_LIMIT: usize = 1 << 30;
const PAGE_BITS: usize = 16;

let top: usize = __heap_base;
/** One list of released pieces for each power of two; a piece's first word points to the next. */
const released = memory.data(32 * 4, 4);

/** Memory that stays until the end; fresh from the host, so it is zero. */
export function reserve(size: usize): usize {
  const start = (top + 15) & ~(<usize>15);
  if (size > MEMORY_LIMIT || start + size > MEMORY_LIMIT)
    fail(EXIT_LIMIT, 'more than 1 GiB of memory is needed');
  top = start + size;
  const available = (<usize>memory.size()) << PAGE_BITS;
  if (top > available) {
    const pages = (top - available + 0xffff) >> PAGE_BITS;
    if (memory.grow(<i32>pages) < 0) fail(EXIT_LIMIT, 'the realizer gives no more memory');
  }
  return start;
}

function classOf(size: usize): usize {
  return size <= 16 ? 4 : 32 - clz<u32>(<u32>size - 1);
}

/** Memory that can be released again. It may hold anything. */
export function allocate(size: usize): usize {
  if (size > MEMORY_LIMIT) fail(EXIT_LIMIT, 'more than 1 GiB of memory is needed');
  const order = classOf(size);
  const list = released + (order << 2);
  const first = load<usize>(list);
  if (first == 0) return reserve((<usize>1) << order);
  store<usize>(list, load<usize>(first));
  return first;
}

/** Gives back what `allocate` gave for the same size. */
export function release(pointer: usize, size: usize): void {
  const list = released + (classOf(size) << 2);
  store<usize>(pointer, load<usize>(list));
  store<usize>(list, pointer);
}
