import { corrupt } from '../input.ts';
import { takeBits } from './bits.ts';

/** Which code each fifty symbols of a block have. A block has use for no more than so many. */
const LIMIT: u32 = 18002;
const selectors = memory.data(<i32>LIMIT);
const order = memory.data(8);
let count: u32 = 0;

export function readSelectors(codes: u32): void {
  count = takeBits(15);
  if (count == 0) corrupt();
  store<u64>(order, 0x0706050403020100);
  for (let i: u32 = 0; i < count; i++) {
    let place: usize = 0;
    while (takeBits(1)) if (++place == codes) corrupt();
    const selector = load<u8>(order + place);
    memory.copy(order + 1, order, place);
    store<u8>(order, selector);
    if (i < LIMIT) store<u8>(selectors + i, selector);
  }
  count = min(count, LIMIT);
}

export function selectorAt(index: u32): usize {
  if (index >= count) corrupt();
  return load<u8>(selectors + index);
}
