/**
 * The filter for x86 code: the targets of calls and jumps (0xe8, 0xe9) became absolute, and become relative again here. A
 * state has the position of the bytes at 0, the position of the last such opcode at 4, and at 8 which of the bytes before the next
 * one looked like opcodes or like the highest byte of a target, by which the encoder chose what to leave alone.
 */
const POSITION: usize = 0;
const LAST: usize = 4;
const MASK: usize = 8;

/** Which masks (without their lowest bit) let a target be changed, and the number of its byte that is looked at again. */
const ALLOWED: u32 = 0b00010111;
const byteNumbers = memory.data<u8>([0, 1, 2, 2, 3, 3, 3, 3]);

export function beginX86(state: usize, position: u32): void {
  store<u32>(state, position, POSITION);
  store<u32>(state, position - 5, LAST);
  store<u32>(state, 0, MASK);
}

function isHighest(byte: u32): bool {
  return byte == 0 || byte == 0xff;
}

/** Undoes it in place, and answers how many bytes are done: the last four may depend on what follows. */
export function undoX86(state: usize, bytes: usize, length: usize): usize {
  if (length < 5) return 0;
  const position = load<u32>(state, POSITION);
  let last = load<u32>(state, LAST);
  let mask = load<u32>(state, MASK);
  if (position - last > 5) last = position - 5;
  let at: usize = 0;
  while (at + 5 <= length) {
    if ((load<u8>(bytes + at) & 0xfe) != 0xe8) {
      at++;
      continue;
    }
    const passed = position + <u32>at - last;
    last = position + <u32>at;
    mask = passed > 5 ? 0 : shiftMask(mask, passed);
    const highest = <u32>load<u8>(bytes + at + 4);
    if (isHighest(highest) && mask < 0x20 && ((ALLOWED >> ((mask >> 1) & 7)) & 1) != 0) {
      store<u32>(bytes + at, relative(load<u32>(bytes + at, 1), last + 5, mask), 1);
      at += 5;
      mask = 0;
    } else {
      at++;
      mask |= isHighest(highest) ? 0x11 : 1;
    }
  }
  store<u32>(state, position + <u32>at, POSITION);
  store<u32>(state, last, LAST);
  store<u32>(state, mask, MASK);
  return at;
}

function shiftMask(mask: u32, passed: u32): u32 {
  for (; passed > 0; passed--) mask = (mask & 0x77) << 1;
  return mask;
}

function relative(target: u32, next: u32, mask: u32): u32 {
  while (true) {
    const value = target - next;
    const bits: u32 = mask == 0 ? 0 : (<u32>load<u8>(byteNumbers + (mask >> 1))) << 3;
    if (mask == 0 || !isHighest((value >> (24 - bits)) & 0xff)) {
      return (value & 0x1ffffff) | (value & 0x1000000 ? 0xff000000 : 0);
    }
    target = value ^ (((<u32>1) << (32 - bits)) - 1);
  }
}
