import { askToo } from './fork.ts';
import { force } from './thunk.ts';
import type { Slot, Value } from './value.ts';

/** The values of two slots that are both needed. */
export function forceBoth(left: Slot, right: Slot): readonly [Value, Value] {
  let first: Value;
  try {
    first = force(left);
  } catch (error) {
    throw askToo(error, force, right);
  }
  return [first, force(right)];
}
