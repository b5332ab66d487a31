/**
 * The constants of SHA-2: the first 64 bits behind the point of the square roots of the first 8 primes, and of the cube roots
 * of the first 80. They are computed when first needed, since that takes fewer bytes than they do.
 */
export const roundConstants = memory.data(80 * 8, 8);
const start = memory.data(8 * 8, 8);

/** Numbers of limbs of 32 bits, lowest first, each in 64 bits. */
const root = memory.data(3 * 8, 8);
const power = memory.data(10 * 8, 8);
const product = memory.data(10 * 8, 8);

/** The eight words that a state begins with. Sees to it that all constants are there. */
export function startConstants(): usize {
  if (load<u64>(start) == 0) {
    let prime: u32 = 2;
    for (let i: usize = 0; i < 640; i += 8) {
      while (!isPrime(prime)) prime++;
      if (i < 64) store<u64>(i, fractionOfRoot(prime, 2), start);
      store<u64>(i, fractionOfRoot(prime++, 3), roundConstants);
    }
  }
  return start;
}

function isPrime(number: u32): bool {
  for (let divisor: u32 = 2; divisor < number; divisor++) if (number % divisor == 0) return false;
  return true;
}

/** Finds the root bit by bit: the largest number of which the power is not larger than the prime. */
function fractionOfRoot(prime: u32, degree: i32): u64 {
  memory.fill(root, 0, 24);
  for (let bit: u64 = 66; <i64>bit >= 0; bit--) {
    const limb = root + <usize>((bit >> 5) << 3);
    const without = load<u64>(limb);
    store<u64>(limb, without | ((<u64>1) << (bit & 31)));
    memory.copy(power, root, 24);
    memory.fill(power + 24, 0, 56);
    for (let i = 1; i < degree; i++) multiplyPower();
    // The fraction is never zero, since the root of a prime has no end.
    if (load<u64>(16 * degree, power) >= prime) store<u64>(limb, without);
  }
  return load<u64>(root) | (load<u64>(root, 8) << 32);
}

function multiplyPower(): void {
  memory.fill(product, 0, 80);
  for (let i: usize = 0; i < 24; i += 8) {
    let carry: u64 = 0;
    for (let j: usize = 0; j < 56; j += 8) {
      const at = product + i + j;
      carry += load<u64>(i, root) * load<u64>(j, power) + load<u64>(at);
      store<u64>(at, <u32>carry);
      carry >>= 32;
    }
  }
  memory.copy(power, product, 80);
}
